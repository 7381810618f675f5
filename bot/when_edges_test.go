package bot

import (
	"testing"
	"time"
)

func TestParseMomentFarthest(t *testing.T) {
	checkMoments(t, saturday, false, []whenCase{{"21.11.2028 klo 12", "2028-11-21 12:00"}})
}

func TestParseMomentOnTheDay(t *testing.T) {
	checkMoments(t, tuesday, false, []whenCase{
		{"tiistaina klo 15", "2026-12-01 15:00"}, // a bare weekday is never today
		{"ti 24.11. klo 15", "2026-11-24 15:00"},
		{"tänään tiistaina klo 15", "2026-11-24 15:00"},
		{"tänään 24.11. klo 15", "2026-11-24 15:00"},
		{"tänä tiistaina klo 15", "2026-11-24 15:00"},
		{"ensi tiistaina klo 15", "2026-12-01 15:00"},
		{"ensi perjantaina klo 15", "2026-12-04 15:00"},
		{"perjantaina klo 15", "2026-11-27 15:00"},
		{"maanantaina klo 15", "2026-11-30 15:00"},
		{"tällä viikolla maanantaina klo 15", "past"},
		{"24.11. klo 15", "2026-11-24 15:00"},
		{"24.11. klo 9", "past"}, // not silently a year ahead
		{"ma 23.11. klo 9", "weekday"},
	})
}

func TestParseMomentAtYearsEnd(t *testing.T) {
	checkMoments(t, newYear, false, []whenCase{
		{"huomenna klo 9", "2027-01-01 09:00"},
		{"1.1. klo 9", "2027-01-01 09:00"},
		{"31.12. klo 23", "2026-12-31 23:00"},
		{"30.12. klo 9", "2027-12-30 09:00"},
		{"på måndag kl 9", "2027-01-04 09:00"},
		{"nästa fredag kl 9", "2027-01-08 09:00"},
		{"kahden kuukauden päästä klo 9", "2027-02-28 09:00"},
		{"in two weeks at 10", "2027-01-14 10:00"},
		{"13 tunnin päästä", "2027-01-01 01:00"},
	})
	checkMoments(t, newYear, true, []whenCase{
		{"1.1. klo 9", "2026-01-01 09:00"},
		{"31.12. klo 9", "2026-12-31 09:00"},
		{"31.12. klo 13", "future"},
	})
}

func TestParseMomentAtFebruarysEnd(t *testing.T) {
	checkMoments(t, february, false, []whenCase{
		{"huomenna klo 9", "2027-03-01 09:00"},
		{"29.2. klo 9", "2028-02-29 09:00"},
		{"ensi sunnuntaina klo 9", "2027-03-07 09:00"},
		{"ensi maanantaina klo 9", "2027-03-01 09:00"},
		{"kuukauden päästä klo 9", "2027-03-28 09:00"},
	})
	checkMoments(t, february, true, []whenCase{{"29.2. klo 9", "2024-02-29 09:00"}})
	checkMoments(t, "2103-06-01 12:00", true, []whenCase{{"29.2. klo 9", "2096-02-29 09:00"}})
	checkMoments(t, "2028-03-01 12:00", false, []whenCase{{"29.2. klo 9", "too_far"}})
	checkMoments(t, "2028-02-29 12:00", false, []whenCase{
		{"29.2. klo 13", "2028-02-29 13:00"}, {"vuoden päästä klo 9", "2029-02-28 09:00"},
	})
	checkMoments(t, "2027-01-31 12:00", false, []whenCase{{"om en månad kl 9", "2027-02-28 09:00"}})
}

func TestParseMomentWhenClocksChange(t *testing.T) {
	checkMoments(t, spring, false, []whenCase{
		{"28.3.2027 3.30", "dst_gap"},
		{"28.3.2027 klo 3", "dst_gap"},
		{"huomenna klo 3.59", "dst_gap"},
		{"28 March 2027 at 3:30", "dst_gap"},
		{"28 mars kl 3.30", "dst_gap"},
		{"2027-03-28T03:30", "dst_gap"},
		{"2027-03-28T03:30:00+03:00", "2027-03-28 02:30"},
		{"2027-03-28T03:30:00+02:00", "2027-03-28 04:30"},
		{"28.3.2027 klo 2.59", "2027-03-28 02:59"},
		{"28.3.2027 klo 4", "2027-03-28 04:00"},
		{"huomenna klo 9", "2027-03-28 09:00"},
		{"16 tunnin päästä", "2027-03-28 05:00"},
		{"viikon päästä klo 9", "2027-04-03 09:00"},
	})
	checkMoments(t, autumn, false, []whenCase{
		{"31.10.2027 3.30", "dst_twice"},
		{"31.10.2027 klo 3", "dst_twice"},
		{"huomenna klo 3.59", "dst_twice"},
		{"tomorrow at 3:30", "dst_twice"},
		{"i morgon kl 3.30", "dst_twice"},
		{"31.10.2027 klo 2.59", "2027-10-31 02:59"},
		{"31.10.2027 klo 4", "2027-10-31 04:00"},
		{"16 tunnin päästä", "2027-10-31 03:00"},
	})
	for said, want := range map[string]string{
		"2027-10-31T03:30:00+03:00": "2027-10-31T03:30:00+03:00",
		"2027-10-31T03:30:00+02:00": "2027-10-31T03:30:00+02:00",
		"2027-10-31T00:30:00Z":      "2027-10-31T03:30:00+03:00",
	} {
		got, err := ParseMoment(said, nowAt(t, autumn), false)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("ParseMoment(%q) = %s, %v, want %s", said, got, err, want)
		}
	}
}

func TestParseMomentDropsSeconds(t *testing.T) {
	now := time.Date(2026, 11, 21, 10, 0, 42, 999, time.UTC)
	for said, want := range map[string]string{
		"tunnin päästä": "2026-11-21T13:00:00+02:00", "nyt": "2026-11-21T12:00:42+02:00", "huomenna klo 9": "2026-11-22T09:00:00+02:00",
	} {
		if got, err := ParseMoment(said, now, false); err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q = %s, %v, want %s", said, got.Format(time.RFC3339Nano), err, want)
		}
	}
}
