package city

import (
	"fmt"

	"duban"
	"duban/store"
)

// GroupName is what the work group of the committee is called.
const GroupName = "滨江教育党建工作群"

// gather makes the work group of the committee, with those who are shown first in it, and binds it.
func (c *City) gather() error {
	administrator, officer := c.named(theAdministrator), c.named(theOfficer)
	chat := c.tg.NewGroup(GroupName, administrator.phone, c.tellers[1].phone, officer.phone, c.secretary(officer).phone)
	desk := c.desk.Past(c.now)
	group, err := desk.AskToBind(c.ctx, administrator.who, chat.ID(), 0, GroupName)
	if err != nil {
		return fmt.Errorf("ask to bind the group: %w", err)
	}
	var committee []duban.Unit
	err = c.read(func(tx *store.Tx) (err error) {
		committee, err = tx.UnitsNamed(Committee)
		return err
	})
	if err != nil {
		return err
	}
	if _, err := desk.BindGroup(c.ctx, administrator.who, group.ID, committee[0].ID); err != nil {
		return fmt.Errorf("bind the group: %w", err)
	}
	return nil
}
