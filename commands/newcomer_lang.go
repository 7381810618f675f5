package commands

import (
	"context"
	"time"

	"luotsi/bot"
)

// langTime bounds how long a chat is asked for an account's language: a command waits for the answer.
const langTime = time.Second

// langOf is the language of an account that is nobody's in the directory, or the house's when the chat does not tell it now.
func (h *House) langOf(ctx context.Context, platform, user string) bot.Lang {
	chat, err := h.chat(platform)
	if err != nil {
		return h.Lang.Known()
	}
	ctx, cancel := context.WithTimeout(ctx, langTime)
	defer cancel()
	p, err := chat.Profile(ctx, user)
	if err != nil {
		return h.Lang.Known()
	}
	return h.langIn(p)
}

// langIn is the language in which somebody new is spoken to: their account's. An account in English tells nothing: accounts
// are made so unless somebody changes that.
func (h *House) langIn(p bot.Profile) bot.Lang {
	if p.Lang == "" || p.Lang == bot.EN {
		return h.Lang.Known()
	}
	return p.Lang
}
