// Package casework holds the rules of shared care. It is pure: no clock, database, chat or randomness; everything an answer
// depends on is handed in. A case is a value: an act takes the old one and returns the new one, or the rule that refused.
//
// Four questions can be asked of every case: may this act be done (the methods named May…), who belongs in its room
// (Roster), what will time do to it (Agenda), and who does what next (NextStep). The rules are those of two Finnish models
// of shared care: the multiprofessional cooperation model of Satakunta and the case manager model of Päijät-Häme.
package casework
