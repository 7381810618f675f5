package commands

import (
	"context"
	"encoding/json"
	"time"
)

// KeepDraft keeps a person's answers to part of a form; see bot.Office.
func (o Office) KeepDraft(ctx context.Context, c *Call, nonce string, answers map[string]any, until time.Time) error {
	kept, err := json.Marshal(answers)
	if err != nil {
		return err
	}
	return c.Desk.KeepDraft(ctx, c.Person.Login, nonce, kept, until)
}

// Draft is what was kept of the person's answers; see bot.Office.
func (o Office) Draft(ctx context.Context, c *Call, nonce string) (answers map[string]any, err error) {
	kept, ok, err := c.Desk.Draft(ctx, c.Person.Login, nonce)
	if err != nil || !ok {
		return nil, err
	}
	err = json.Unmarshal(kept, &answers)
	return answers, err
}
