"""What a run of restock finds, tells and proposes. 10 kg of everything are used a day, always the same: no deviation.

On Monday morning the delivery after the one that can be ordered now comes on Wednesday: the reorder point is 20 kg, the
maximum 90 kg.
"""

from datetime import date, timedelta
from decimal import Decimal

from tests.include.inventory.restock.conftest import DAY, HOUR, NOW, Shop


def shortages(shop: Shop) -> list[tuple[str, str, bool]]:
    return shop.rows(
        "SELECT ingredient.name, level, closed_at IS NULL FROM inventory.shortage"
        " JOIN inventory.ingredient USING (ingredient_key) ORDER BY shortage_key"
    )


def test_enough_is_no_news(shop: Shop) -> None:
    shop.stock("Flour", "20")
    assert shop.look() == []
    assert shortages(shop) == []
    assert shop.new_mails() == []


def test_what_is_short_is_told_and_proposed_up_to_the_maximum_in_whole_packs(shop: Shop) -> None:
    shop.stock("Flour", "17")
    [order] = shop.look()
    assert (order.location_name, order.supplier_name, order.state) == ("Manhattan", "Roma Foods", "proposed")
    assert order.order_by_at == NOW + 5 * HOUR
    assert order.expected_date == (NOW + DAY).date()
    [line] = order.lines
    assert (line.ingredient_name, line.proposed_pack_count, line.pack_name) == ("Flour", 15, "5 kg bag")
    assert [line.on_hand, line.reorder_point, line.maximum_quantity] == [17, 20, 90]
    assert order.total_cents == 30_000
    [mail] = shop.new_mails()
    assert mail.recipients == ["manhattan@example.com"]
    assert mail.subject == "Manhattan: Flour runs short"
    assert "Flour: 1.7 days (new)" in mail.text
    assert "17 kg on hand, nothing on order, reorder at 20 kg" in mail.text
    assert "Order 15 x 5 kg bag (75 kg) from Roma Foods by Mon, Nov 23, 14:00" in mail.text


def test_the_mail_leads_to_where_it_is_decided(shop: Shop) -> None:
    shop.supplier("Sea")
    shop.ingredient("Clams", supplier="Sea")
    shop.stock("Clams", "5")
    shop.stock("Flour", "17")
    first, second = shop.look()
    [mail] = shop.new_mails()
    for index, order in enumerate((first, second)):
        run = "asset_triggered__1%2B00%3A00"
        url = f"/dags/restock/runs/{run}/tasks/purchase.approve/mapped/{index}/required_actions"
        assert f'href="http://airflow.test:8080{url}"' in mail.html
        assert f"Decide on {order.supplier_name}: $" in mail.text
        assert f"{order.number}, 1 ingredient: ordered by Mon, Nov 23, 14:00, it comes on Tue, Nov 24." in mail.text


def test_a_shortage_is_told_once_until_it_is_over(shop: Shop) -> None:
    shop.stock("Flour", "17")
    shop.look()
    shop.new_mails()
    assert shop.look(NOW + HOUR) == []
    assert shop.look(NOW + 2 * HOUR) == []
    assert shop.new_mails() == []
    shop.count("Flour", "80", at=NOW + 2 * HOUR)
    shop.look(NOW + 3 * HOUR)
    assert shortages(shop) == [("Flour", "low", False)]
    shop.new_mails()
    shop.count("Flour", "15", at=NOW + 4 * HOUR)
    shop.look(NOW + 5 * HOUR)
    assert shortages(shop) == [("Flour", "low", False), ("Flour", "low", True)]
    assert [mail.subject for mail in shop.new_mails()] == ["Manhattan: Flour runs short"]


def test_what_runs_out_is_told_at_once_and_first(shop: Shop) -> None:
    shop.stock("Basil", "19")
    shop.stock("Flour", "17")
    shop.look()
    shop.new_mails()
    shop.count("Basil", "0", at=NOW)
    assert shop.look(NOW + HOUR) == []
    [mail] = shop.new_mails()
    assert mail.subject == "Manhattan: Basil is out"
    assert mail.text.index("Basil: out (new)") < mail.text.index("Flour: 1.7 days\n")
    assert "PO-1 waits for an answer" in mail.text
    assert shortages(shop) == [("Basil", "out", True), ("Flour", "low", True)]


def test_the_mail_names_what_cannot_be_made(shop: Shop) -> None:
    shop.stock("Basil", "0")
    shop.stock("Flour", "17")
    shop.product("Margherita", "Flour", "Basil")
    shop.product("Calzone", "Flour")
    shop.product("Calzone", "Basil", modifier="Fresh basil")
    shop.look()
    [mail] = shop.new_mails()
    assert "Stops Margherita and Fresh basil (extra)" in mail.text
    assert "Would stop Calzone and Margherita" in mail.text


def test_each_location_hears_of_its_own_and_each_supplier_is_one_proposal(shop: Shop) -> None:
    shop.supplier("Dairy Lane")
    shop.ingredient("Mozzarella", supplier="Dairy Lane")
    for location in ("Manhattan", "Chicago Loop"):
        shop.stock("Mozzarella", "3", location=location)
        shop.stock("Flour", "3", location=location)
        shop.stock("Basil", "3", location=location)
    found = {
        (order.location_name, order.supplier_name, *(line.ingredient_name for line in order.lines))
        for order in shop.look()
    }
    assert found == {
        (location, *rest)
        for location in ("Manhattan", "Chicago Loop")
        for rest in (("Dairy Lane", "Mozzarella"), ("Roma Foods", "Basil", "Flour"))
    }
    mails = shop.new_mails()
    assert [mail.recipients for mail in mails] == [["chicago@example.com"], ["manhattan@example.com"]]
    assert mails[1].subject == "Manhattan: Basil runs short, and 2 more"


def test_another_try_of_a_run_proposes_and_tells_nothing_twice(shop: Shop) -> None:
    shop.stock("Flour", "17")
    first = shop.look(run_id="scheduled__1")
    again = shop.look(run_id="scheduled__1")
    assert [order.number for order in again] == [order.number for order in first] == ["PO-1"]
    assert len(shop.new_mails()) == 1


def test_what_an_open_proposal_covers_is_not_proposed_again_but_something_new_is(shop: Shop) -> None:
    shop.stock("Flour", "17")
    shop.stock("Basil", "25")
    shop.look()
    shop.count("Basil", "12", at=NOW)
    [order] = shop.look(NOW + HOUR)
    assert [line.ingredient_name for line in order.lines] == ["Basil"]


def test_what_was_turned_down_is_proposed_again_for_the_next_deadline(shop: Shop) -> None:
    shop.stock("Flour", "17")
    [order] = shop.look()
    assert shop.answer(order, approve=False) == "rejected"
    shop.new_mails()
    assert shop.look(NOW + 2 * HOUR) == []
    assert shop.new_mails() == []
    [again] = shop.look(NOW + 6 * HOUR)
    assert again.order_by_at == NOW + 5 * HOUR + DAY
    [mail] = shop.new_mails()
    assert mail.subject == "Manhattan: 1 ingredient still short, please decide"


def test_what_nobody_has_answered_is_proposed_again_at_once(shop: Shop) -> None:
    shop.stock("Flour", "17")
    [order] = shop.look()
    shop.answer(order, approve=False, by=None)
    assert len(shop.look(NOW + 2 * HOUR)) == 1


def test_what_was_turned_down_is_proposed_again_when_it_runs_out(shop: Shop) -> None:
    shop.stock("Flour", "17")
    [order] = shop.look()
    shop.answer(order, approve=False)
    shop.count("Flour", "0", at=NOW + HOUR)
    assert len(shop.look(NOW + 2 * HOUR)) == 1


def test_what_is_ordered_is_not_short_until_it_runs_out(shop: Shop) -> None:
    shop.stock("Flour", "17")
    [order] = shop.look()
    shop.answer(order)
    shop.new_mails()
    assert shop.look(NOW + 2 * HOUR) == []
    assert shortages(shop) == [("Flour", "low", False)]
    shop.count("Flour", "0", at=NOW + 2 * HOUR)
    assert shop.look(NOW + 3 * HOUR) == []
    [mail] = shop.new_mails()
    assert mail.subject == "Manhattan: Flour is out"
    assert "75 kg on order, due Tue, Nov 24" in mail.text
    assert "Enough is on order" in mail.text


def test_closed_days_are_left_out_of_the_average(shop: Shop) -> None:
    shop.ingredient("Flour")
    # Shut for two weeks.
    shop.use("Flour", "10", *range(1, 8), *range(22, 29))
    shop.count("Flour", "17")
    [order] = shop.look()
    assert order.lines[0].reorder_point == 20


def test_days_before_an_ingredient_was_used_are_left_out(shop: Shop) -> None:
    shop.stock("Flour", "100")
    shop.ingredient("Truffles")
    shop.use("Truffles", "10", *range(1, 8))
    shop.count("Truffles", "17")
    [order] = shop.look()
    [line] = order.lines
    assert line.ingredient_name == "Truffles"
    assert line.reorder_point == 20


def test_of_a_new_ingredient_nothing_is_guessed_and_the_mail_says_so(shop: Shop) -> None:
    shop.stock("Saffron", "0", use=None)
    assert shop.look() == []
    [mail] = shop.new_mails()
    assert "Not used in the last four weeks, and no par level is set: nothing is suggested" in mail.text


def test_a_new_ingredient_with_a_par_level_is_ordered(shop: Shop) -> None:
    shop.ingredient("Saffron", unit="g", pack="10 g", pack_name="tin", par={"elsewhere": "15 g"})
    shop.stock("Saffron", "4", use=None)
    [order] = shop.look()
    assert order.lines[0].proposed_pack_count == 2


def test_what_nobody_delivers_is_told_and_not_proposed(shop: Shop) -> None:
    shop.ingredient("Herbs", supplier=None, par={"elsewhere": "5 kg"}, maximum={"elsewhere": "8 kg"})
    shop.stock("Herbs", "1")
    assert shop.look() == []
    assert "7 kg wanted, and nobody delivers it" in shop.new_mails()[0].text


def test_what_nobody_has_counted_is_not_short(shop: Shop) -> None:
    shop.ingredient("Flour")
    shop.use("Flour", "10", 1)
    assert shop.look() == []
    assert shortages(shop) == []


def test_a_shortage_of_what_is_kept_no_more_is_over(shop: Shop) -> None:
    shop.stock("Flour", "17")
    shop.look()
    shop.connection.execute("UPDATE inventory.ingredient SET is_active = false")
    shop.look(NOW + HOUR)
    assert shortages(shop) == [("Flour", "low", False)]


def test_a_proposal_that_is_needed_no_more_is_said_to_be_so_once(shop: Shop) -> None:
    shop.stock("Flour", "17")
    [order] = shop.look()
    shop.new_mails()
    shop.count("Flour", "80", at=NOW)
    shop.look(NOW + HOUR)
    shop.look(NOW + 2 * HOUR)
    [mail] = shop.new_mails()
    assert mail.subject == "Manhattan: nothing in PO-1 is short any more"
    assert "/mapped/0/required_actions" in mail.text
    assert shop.state(order) == "proposed"


def test_a_proposal_whose_run_was_lost_ends_and_is_told(shop: Shop) -> None:
    shop.stock("Flour", "17")
    [order] = shop.look()
    shop.new_mails()
    shop.look(NOW + timedelta(hours=shop.restock.approval_hours) + HOUR / 2)
    assert shop.state(order) == "proposed"
    [again] = shop.look(NOW + timedelta(hours=shop.restock.approval_hours + 2))
    assert shop.state(order) == "expired"
    assert again.number == "PO-2"
    assert [mail.subject for mail in shop.new_mails()] == [
        "Manhattan: nothing was ordered from Roma Foods, nobody answered PO-1",
        "Manhattan: 1 ingredient still short, please decide",
    ]


def test_service_level_and_maximum_may_be_a_locations_own(shop: Shop) -> None:
    shop.ingredient("Flour", maximum={"Chicago Loop": "30 kg"})
    for location in ("Manhattan", "Chicago Loop"):
        shop.stock("Flour", "9", location=location)
    packs = {order.location_name: order.lines[0].proposed_pack_count for order in shop.look()}
    assert packs == {"Manhattan": 17, "Chicago Loop": 5}


def test_prices_are_those_of_the_day(shop: Shop) -> None:
    dear, dearer = date(2026, 11, 1), date(2026, 12, 1)
    prices = [{"price": "20.00"}, {"from": dear, "price": "22.00"}, {"from": dearer, "price": "99.00"}]
    shop.ingredient("Flour", price=prices)
    shop.stock("Flour", "17")
    [order] = shop.look()
    assert order.lines[0].pack_price_cents == 2200


def test_quantities_are_exact(shop: Shop) -> None:
    shop.stock("Flour", "17.12345")
    [order] = shop.look()
    assert order.lines[0].on_hand == Decimal("17.12345")
