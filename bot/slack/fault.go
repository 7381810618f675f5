package slack

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// How long to wait when Slack itself does not say.
const (
	slowDown    = 30 * time.Second
	unreachable = 15 * time.Second
	untilFixed  = 5 * time.Minute // somebody must change something first
)

// fault is an answer of Slack that is not a yes. It never holds what was sent.
type fault struct {
	method string
	code   string // Slack's own name for it
	fix    string // what the operator should do; empty when it is nobody's fault
	kind   error  // bot.ErrGone, bot.ErrOutside, bot.ErrPermanent or nil
	slow   bool   // too many calls
}

// Error names the method, Slack's code and what to do.
func (f *fault) Error() string {
	text := "slack " + f.method + ": " + f.code
	if f.fix != "" {
		text += ": " + f.fix
	}
	return text
}

// Unwrap gives the kind.
func (f *fault) Unwrap() error { return f.kind }

// answered reports whether the error is one of Slack's, of one of the codes.
func answered(err error, codes ...string) bool {
	var f *fault
	return errors.As(err, &f) && slices.Contains(codes, f.code)
}

// verdict is what an error code of Slack means for Luotsi.
type verdict struct {
	kind  error
	after time.Duration // try again then
	fix   string
}

// Sentences for the operator.
const (
	fixToken    = "Slack no longer takes the bot token; install the app again and set LUOTSI_SLACK_BOT_TOKEN"
	fixScope    = "the app lacks a permission; compare it with what 'luotsi manifest slack' prints and install it again"
	fixSetting  = "a setting of the workspace forbids this; a workspace owner must allow it to the app Luotsi"
	fixGuest    = "this guest account may not be in the channel; give the person a full account"
	fixMember   = "the account is not in the workspace of the app; add the person to it"
	fixMessages = "the app's Messages tab is off; switch it on in the app's settings or make the app anew from 'luotsi manifest slack'"
	fixShape    = "Slack found what Luotsi sent malformed; this is a fault of Luotsi's"
	fixPublic   = "the channel is no longer private, and Luotsi may do nothing in it any more; archive it by hand: a case's gets another, private one"
	fixHome     = "the app's Home tab is off; switch it on in the app's settings or make the app anew from 'luotsi manifest slack'"
)

// verdicts are the codes that Luotsi can do something about. Any other is tried again later.
var verdicts = map[string]verdict{
	"channel_not_found": {kind: bot.ErrGone},
	"is_archived":       {kind: bot.ErrGone},
	"is_inactive":       {kind: bot.ErrGone},
	"message_not_found": {kind: bot.ErrGone},
	"user_not_found":    {kind: bot.ErrGone},
	"users_not_found":   {kind: bot.ErrGone},
	"user_not_visible":  {kind: bot.ErrGone},
	"user_disabled":     {kind: bot.ErrGone},
	"not_found":         {kind: bot.ErrGone}, // a view that was closed

	"method_not_supported_for_channel_type": {kind: bot.ErrGone, fix: fixPublic},

	"not_in_channel": {kind: bot.ErrOutside},

	"restricted_action":                        {kind: bot.ErrPermanent, fix: fixSetting},
	"restricted_action_read_only_channel":      {kind: bot.ErrPermanent, fix: fixSetting},
	"restricted_action_thread_only_channel":    {kind: bot.ErrPermanent, fix: fixSetting},
	"restricted_action_non_threadable_channel": {kind: bot.ErrPermanent, fix: fixSetting},
	"no_permission":                            {kind: bot.ErrPermanent, fix: fixSetting},
	"not_authorized":                           {kind: bot.ErrPermanent, fix: fixSetting},
	"cannot_create_channel":                    {kind: bot.ErrPermanent, fix: fixSetting},
	"app_access_restricted":                    {kind: bot.ErrPermanent, fix: fixSetting},
	"ekm_access_denied":                        {kind: bot.ErrPermanent, fix: fixSetting},
	"enterprise_is_restricted":                 {kind: bot.ErrPermanent, fix: fixSetting},
	"messages_tab_disabled":                    {kind: bot.ErrPermanent, fix: fixMessages},
	"not_enabled":                              {kind: bot.ErrPermanent, fix: fixHome},
	"missing_scope":                            {kind: bot.ErrPermanent, fix: fixScope},
	"not_allowed_token_type":                   {kind: bot.ErrPermanent, fix: fixScope},
	"user_is_restricted":                       {kind: bot.ErrPermanent, fix: fixGuest},
	"ura_max_channels":                         {kind: bot.ErrPermanent, fix: fixGuest},
	"org_user_not_in_team":                     {kind: bot.ErrPermanent, fix: fixMember},
	"invitee_cant_see_channel":                 {kind: bot.ErrPermanent, fix: fixMember},
	"no_external_invite_permission":            {kind: bot.ErrPermanent, fix: fixMember},
	"cant_invite":                              {kind: bot.ErrPermanent},
	"cant_invite_self":                         {kind: bot.ErrPermanent},
	"app_cannot_join_channel":                  {kind: bot.ErrPermanent},
	"cant_kick_self":                           {kind: bot.ErrPermanent},
	"cant_kick_from_general":                   {kind: bot.ErrPermanent},
	"cannot_dm_bot":                            {kind: bot.ErrPermanent},
	"not_supported":                            {kind: bot.ErrPermanent},
	"name_taken":                               {kind: bot.ErrPermanent},
	"invalid_name":                             {kind: bot.ErrPermanent, fix: fixShape},
	"invalid_name_maxlength":                   {kind: bot.ErrPermanent, fix: fixShape},
	"invalid_name_punctuation":                 {kind: bot.ErrPermanent, fix: fixShape},
	"invalid_name_required":                    {kind: bot.ErrPermanent, fix: fixShape},
	"invalid_name_specials":                    {kind: bot.ErrPermanent, fix: fixShape},
	"no_text":                                  {kind: bot.ErrPermanent, fix: fixShape},
	"msg_too_long":                             {kind: bot.ErrPermanent, fix: fixShape},
	"msg_blocks_too_long":                      {kind: bot.ErrPermanent, fix: fixShape},
	"invalid_blocks":                           {kind: bot.ErrPermanent, fix: fixShape},
	"invalid_blocks_format":                    {kind: bot.ErrPermanent, fix: fixShape},
	"invalid_arguments":                        {kind: bot.ErrPermanent, fix: fixShape},
	"invalid_metadata_format":                  {kind: bot.ErrPermanent, fix: fixShape},
	"metadata_too_large":                       {kind: bot.ErrPermanent, fix: fixShape},
	"block_mismatch":                           {kind: bot.ErrPermanent, fix: fixShape},
	"cant_update_message":                      {kind: bot.ErrPermanent},
	"edit_window_closed":                       {kind: bot.ErrPermanent, fix: fixSetting},
	"view_too_large":                           {kind: bot.ErrPermanent, fix: fixShape},
	"expired_trigger_id":                       {kind: bot.ErrPermanent},
	"exchanged_trigger_id":                     {kind: bot.ErrPermanent},
	"invalid_trigger_id":                       {kind: bot.ErrPermanent},

	"ratelimited":            {after: slowDown},
	"rate_limited":           {after: slowDown},
	"message_limit_exceeded": {after: slowDown},

	// Nothing is wrong with these calls: they wait until the token is mended, so that no reminder is lost.
	"not_authed":                 {after: untilFixed, fix: fixToken},
	"invalid_auth":               {after: untilFixed, fix: fixToken},
	"account_inactive":           {after: untilFixed, fix: fixToken},
	"token_revoked":              {after: untilFixed, fix: fixToken},
	"token_expired":              {after: untilFixed, fix: fixToken},
	"org_login_required":         {after: untilFixed, fix: fixToken},
	"accesslimited":              {after: untilFixed, fix: fixSetting},
	"access_denied":              {after: untilFixed, fix: fixSetting},
	"internal_error":             {after: unreachable},
	"fatal_error":                {after: unreachable},
	"service_unavailable":        {after: unreachable},
	"request_timeout":            {after: unreachable},
	"fetch_members_failed":       {after: unreachable},
	"update_failed":              {after: unreachable},
	"team_added_to_org":          {after: untilFixed},
	"external_channel_migrating": {after: untilFixed},
	"two_factor_setup_required":  {after: untilFixed, fix: fixSetting},
}

// judged makes an answer that is not a yes one of bot's errors.
func judged(method string, said slack.SlackErrorResponse) error {
	v := verdicts[said.Err]
	f := &fault{method: method, code: said.Err, fix: v.fix, kind: v.kind, slow: v.after == slowDown}
	if method == "apps.connections.open" && v.fix == fixToken {
		f.fix = "Slack does not take the app-level token; make one with the permission connections:write and set LUOTSI_SLACK_APP_TOKEN"
	}
	switch {
	case said.Err == "missing_scope" && ofPublic(said):
		f.kind, f.fix = bot.ErrGone, fixPublic
	case said.Err == "missing_scope" && said.Needed != "":
		f.fix = "the app lacks the permission " + said.Needed + "; install it again from what 'luotsi manifest slack' prints"
	}
	if v.after > 0 {
		return &bot.RetryError{After: v.after, Err: f}
	}
	return f
}

// ofPublic reports whether a permission is lacking only because the channel is public: Luotsi asks for those of private channels alone.
func ofPublic(said slack.SlackErrorResponse) (public bool) {
	have := strings.Split(strings.ReplaceAll(said.Provided, " ", ""), ",")
	for need := range strings.SplitSeq(strings.ReplaceAll(said.Needed, " ", ""), ",") {
		public = public || strings.HasPrefix(need, "channels:")
		if strings.HasPrefix(need, "groups:") && !slices.Contains(have, need) {
			return false
		}
	}
	return public
}

// madePublic reports whether an error is that a channel is not private any more.
func madePublic(err error) bool {
	var f *fault
	return errors.As(err, &f) && f.fix == fixPublic
}
