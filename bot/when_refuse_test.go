package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

var refusedMoments = []whenCase{
	{"", "unclear"},
	{"   ", "unclear"},
	{"14", "unclear"},
	{"klo 14", "unclear"},
	{"14:00", "unclear"},
	{"9.10", "unclear"},
	{"ti 9.10", "unclear"},
	{"10.11 9.10", "unclear"},
	{"ti 10.11 9.10", "unclear"},
	{"24.11. 24.11 9.30", "unclear"},
	{"24.11.0000 klo 9", "unclear"},
	{"24 november 0000 kl 9", "unclear"},
	{"24.11. viikon päästä klo 9", "unclear"},
	{"viikon päästä kuukauden päästä klo 9", "unclear"},
	{"tunnin päästä tunnin päästä", "unclear"},
	{"puolen viikon päästä klo 9", "unclear"},
	{"kahden puolen tunnin päästä", "unclear"},
	{"viime ti 24.11. klo 9", "unclear"},
	{"ensi viikolla viime tiistaina klo 9", "unclear"},
	{"huomenna klo 9 på", "unclear"},
	{"huomenna" + strings.Repeat(" ", 100) + "klo 9", "unclear"},
	{"24.11 25.11", "unclear"},
	{"9.30 10.30", "unclear"},
	{"huomenna 14", "unclear"},
	{"huomenna klo", "unclear"},
	{"huomenna klo 25", "unclear"},
	{"huomenna klo 24", "unclear"},
	{"huomenna klo 9.60", "unclear"},
	{"huomenna klo 9.5", "unclear"},
	{"huomenna klo 9-10", "unclear"},
	{"huomenna klo 9–10", "unclear"},
	{"huomenna klo 9 - 10", "unclear"},
	{"huomenna klo 9 klo 10", "unclear"},
	{"huomenna aamulla klo 9", "unclear"},
	{"huomenna noin klo 9", "unclear"},
	{"huomenna puoli kymmeneltä", "unclear"},
	{"huomenna tai ylihuomenna klo 9", "unclear"},
	{"huomenna ylihuomenna klo 9", "unclear"},
	{"ti tai ke klo 9", "unclear"},
	{"ti ke klo 9", "unclear"},
	{"24.11. 25.11. klo 9", "unclear"},
	{"huomenna 25.11. klo 9", "unclear"},
	{"ensi viikolla klo 9", "unclear"},
	{"ensi viikon ti 24.11. klo 9", "unclear"},
	{"viikon päästä tunnin päästä", "unclear"},
	{"tunnin päästä klo 9", "unclear"},
	{"tunnin päästä huomenna", "unclear"},
	{"nyt klo 9", "unclear"},
	{"nyt nyt", "unclear"},
	{"parin viikon päästä klo 10", "unclear"},
	{"1,5 tunnin päästä", "unclear"},
	{"0 päivän päästä klo 9", "unclear"},
	{"-2 viikon päästä klo 9", "unclear"},
	{"99999 viikon päästä klo 9", "unclear"},
	{"viikkoja klo 9", "unclear"},
	{"2 viikon klo 9", "unclear"},
	{"in weeks at 9", "unclear"},
	{"in 2 weeks ago at 9", "unclear"},
	{"half a week ago", "unclear"},
	{"tomorrow at 2", "unclear"},
	{"tomorrow at 2:30", "unclear"},
	{"tomorrow 2.30", "unclear"},
	{"next monday 3:30", "unclear"},
	{"tomorrow at 13 pm", "unclear"},
	{"tomorrow at 0 am", "unclear"},
	{"halv tio i morgon", "unclear"},
	{"den 24", "unclear"},
	{"november 2026 kl 9", "unclear"},
	{"24-11-2026 14:00", "unclear"},
	{"24. 11. 2026 klo 14", "unclear"},
	{"en viikon", "unclear"},
	{"Matti Meikäläinen", "unclear"},
	{"huomenna klo 14 Matti", "unclear"},
	{"<b>huomenna</b> klo 14", "unclear"},
	{"huomenna klo 14\x00", "unclear"},
	{"huomenna klo \xff14", "unclear"},
	{"huomenna klo ١٤", "unclear"},
	{strings.Repeat("huomenna ", 1000), "unclear"},

	{"31.2. klo 10", "no_such_day"},
	{"31.2.2027 klo 10", "no_such_day"},
	{"29.2.2027 klo 10", "no_such_day"},
	{"31. huhtikuuta klo 10", "no_such_day"},
	{"31 april kl 10", "no_such_day"},
	{"0.11. klo 10", "no_such_day"},
	{"32.1. klo 10", "no_such_day"},
	{"24.13. klo 10", "no_such_day"},
	{"11/24/2026 14:00", "no_such_day"},
	{"30 February at 10", "no_such_day"},

	{"huomenna", "no_time"},
	{"24.11.", "no_time"},
	{"24.11", "no_time"},
	{"9.1", "no_time"},
	{"ti 24.11", "no_time"},
	{"i övermorgon", "no_time"},
	{"next monday", "no_time"},
	{"kahden viikon päästä", "no_time"},

	{"tänään klo 11.59", "past"},
	{"eilen klo 10", "past"},
	{"toissapäivänä klo 10", "past"},
	{"igår kl 10", "past"},
	{"yesterday at 10", "past"},
	{"24.11.2025 klo 14", "past"},
	{"24.11.1926 klo 14", "past"},
	{"tunti sitten", "past"},
	{"viime maanantaina klo 10", "unclear"},
	{"viime sunnuntaina klo 10", "past"},
	{"i måndags kl 10", "past"},
	{"2026-11-21T09:59:59Z", "past"},

	{"22.11.2028 klo 14", "too_far"},
	{"21.11.2028 klo 12.01", "too_far"},
	{"24.11.2126 klo 14", "too_far"},
	{"24.11.9999 klo 14", "too_far"},
	{"1000 viikon päästä klo 14", "too_far"},
	{"999 vuoden päästä klo 14", "too_far"},

	{"ma 24.11. klo 9", "weekday"},
	{"ma 24.11.2026 klo 9", "weekday"},
	{"on monday 24 november at 10", "weekday"},
	{"huomenna maanantaina klo 9", "weekday"},
	{"viikon päästä ti klo 9", "weekday"},
}

func TestParseMomentRefuses(t *testing.T) {
	checkMoments(t, saturday, false, refusedMoments)
}

func TestWhenReason(t *testing.T) {
	if got := whenReason(fmt.Errorf("reading: %w", WhenGap)); got != "dst_gap" {
		t.Errorf("wrapped: %s", got)
	}
	if got := whenReason(errors.New("other")); got != "unclear" {
		t.Errorf("foreign: %s", got)
	}
	_, err := ParseMoment("salainen nimi", nowAt(t, saturday), false)
	if !errors.Is(err, WhenUnclear) || strings.Contains(err.Error(), "salainen") {
		t.Errorf("error %v", err)
	}
}
