// Package sim is a Telegram to play with: a strict Bot API server with one bot, and people who talk to it.
//
// The server keeps Telegram's rules where they can hurt a bot: an offset acknowledges and forgets, a press of a button waits 150
// seconds for the bot and a message 24 hours, a second poller is thrown out, a message can be edited by its sender only. Every request
// is checked against the Bot API as data (api.json) and against the rules that the data cannot express; what breaks one is answered
// with an error and noted as a violation, which fails the test when Options.TB is set.
//
// It answers real HTTP (Telegram is an http.Handler) and, through Client, requests in memory by the same code. In memory it waits on
// channels and timers only, so that days pass in an instant under testing/synctest.
//
//	tg := sim.New(sim.Options{TB: t})
//	wang := tg.NewPerson("王芳", "")
//	wang.Start("")
//	...                                  // the bot runs with tg.Client() or tg's address
//	wang.Press("签收")
//	fmt.Println(tg.Transcript())
package sim
