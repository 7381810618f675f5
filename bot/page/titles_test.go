package page

import "testing"

// A page's title says what it is, and stands in the browser's history: nothing of anybody may be in it.
func TestTitlesSayWhatAPageIsAndNothingOfAnybody(t *testing.T) {
	o := newTown(t)
	v := visit(t, o.pages(t, nil))
	title := func(s string) string { return "<title>" + s + "</title>" }
	v.open("/page/open/"+o.link(t, "sanna", "concern.raise")).wants(200, title("Jatka Luotsissa · Luotsi"))
	v.send("/page/open").wants(200, title("Uusi huoli · Luotsi"))
	v.send("/page/form", "f-own_view", "Aino", "f-seen_at", "?").wants(422, title("2 kohtaa on vielä korjattava. · Uusi huoli · Luotsi"))
	v.send("/page/form", "f-own_view", "Aino", "f-basis", "agrees").wants(200, title("Valmis · Luotsi"))
	v.opens(o.link(t, "sanna", "case.show")).wants(200, title("Luotsi kertoo · Luotsi"), "Asia BCD2346-7")
	v.open("/page/open/forged").wants(403, title("Sivua ei voi avata · Luotsi"))
	v.open("/page/closed?lang=sv").wants(200, title("Sidan är stängd · Luotsi"))
	v.open("/page/client/"+o.link(t, "sanna", "client.reveal")).send("/page/client").wants(200, title("Luotsi"), aino.Name)
}
