package store

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"duban"
)

func TestOfThoseWhoRaceForOneLinkOneWins(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	mustWrite(t, s, func(tx *Tx) error { return tx.AddInvitation("secret", o.person, tx.Now.Add(time.Hour)) })
	var won atomic.Int64
	var all sync.WaitGroup
	for id := range int64(20) {
		all.Go(func() {
			err := s.Write(ctx, func(tx *Tx) error {
				ok, err := tx.UseInvitation(HashSecret("secret"), 100+id)
				if err != nil || !ok {
					return err
				}
				won.Add(1)
				_, err = tx.Bind(o.person, 100+id, "zh-CN")
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d won", won.Load())
	}
	mustRead(t, s, func(tx *Tx) error {
		accounts, err := tx.Accounts()
		if err != nil || len(accounts) != 1 {
			t.Errorf("accounts: %+v, %v", accounts, err)
		}
		return nil
	})
}

func TestUsingOneLinkUsesUpTheOthersOfThePerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		o := mustPeople(t, s)
		mustWrite(t, s, func(tx *Tx) error {
			for _, secret := range []string{"first", "second", "short"} {
				expires := time.Hour
				if secret == "short" {
					expires = time.Minute
				}
				if err := tx.AddInvitation(secret, o.person, tx.Now.Add(expires)); err != nil {
					return err
				}
			}
			return nil
		})
		valid := func(secret string) bool {
			var err error
			mustRead(t, s, func(tx *Tx) error {
				_, err = tx.Invited(HashSecret(secret))
				return nil
			})
			return err == nil
		}
		time.Sleep(2 * time.Minute)
		if !valid("first") || !valid("second") || valid("short") || valid("wrong") {
			t.Error("before: the unexpired ones are good, and only they")
		}
		mustWrite(t, s, func(tx *Tx) error {
			if ok, err := tx.UseInvitation(HashSecret("second"), 100); err != nil || !ok {
				t.Errorf("using it: %t, %v", ok, err)
			}
			return nil
		})
		if valid("first") || valid("second") {
			t.Error("afterwards one is still good")
		}
	})
}

func TestAnAccountSpeaksForItsPersonUntilItIsRevoked(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	var a duban.Account
	mustWrite(t, s, func(tx *Tx) (err error) {
		a, err = tx.Bind(o.person, 100, "en")
		return err
	})
	mustWrite(t, s, func(tx *Tx) error {
		if news, err := tx.SetUnreachable(a.ID, "blocked"); err != nil || !news {
			t.Errorf("the first 403: %t, %v", news, err)
		}
		if news, err := tx.SetUnreachable(a.ID, "blocked"); err != nil || news {
			t.Errorf("the second 403: %t, %v", news, err)
		}
		if got, err := tx.AccountOfTelegram(100); err != nil || got.PersonID != o.person || got.Unreachable != "blocked" || got.Lang != "en" {
			t.Errorf("account: %+v, %v", got, err)
		}
		return tx.RevokeAccount(a.ID)
	})
	mustWrite(t, s, func(tx *Tx) error {
		if _, err := tx.AccountOfTelegram(100); duban.CodeOf(err) != duban.NotFound {
			t.Errorf("after it was revoked: %v", err)
		}
		if old, err := tx.Account(a.ID); err != nil || old.Active() {
			t.Errorf("kept as %+v, %v", old, err)
		}
		_, err := tx.Bind(o.person, 200, "zh-CN")
		return err
	})
}

func TestATelephoneNumberIsKeptAsAHashThatNeedsTheKey(t *testing.T) {
	s := mustOpen(t)
	mustWrite(t, s, func(tx *Tx) error {
		_, err := tx.AddPerson(duban.Person{Code: "WF", Name: "王芳", PhoneHash: tx.HashPhone("+8613800000001"), PhoneTail: "0001"})
		return err
	})
	mustRead(t, s, func(tx *Tx) error {
		found, err := tx.PeopleWithPhone("+8613800000001")
		if err != nil || len(found) != 1 || found[0].Code != "WF" {
			t.Errorf("found %+v, %v", found, err)
		}
		if other, err := tx.PeopleWithPhone("+8613800000002"); err != nil || len(other) != 0 {
			t.Errorf("another number finds %+v, %v", other, err)
		}
		return nil
	})
	other := &Store{key: []byte("another key")}
	if string(other.HashPhone("+8613800000001")) == string(s.HashPhone("+8613800000001")) || s.HashPhone("") != nil {
		t.Error("the hash does not depend on the key")
	}
}
