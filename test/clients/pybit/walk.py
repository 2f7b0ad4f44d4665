# pybit, unchanged but for its addresses: walk.py REST WS KEY SECRET MAKER_KEY MAKER_SECRET
import sys
import time

try:
    from pybit import unified_trading
except ImportError:
    print("pybit is not installed for this python3: not walked")
    sys.exit(77)

rest, ws, key, secret, maker_key, maker_secret = sys.argv[1:]
unified_trading.PUBLIC_WSS = ws + "/v5/public/{CHANNEL_TYPE}"
unified_trading.PRIVATE_WSS = ws + "/v5/private"


def session(api_key, api_secret):
    client = unified_trading.HTTP(api_key=api_key, api_secret=api_secret)
    client.endpoint = rest
    return client


taker, maker = session(key, secret), session(maker_key, maker_secret)
failed = []


def step(what):
    def run(function):
        try:
            function()
            print(f"✔ {what}")
        except Exception as problem:  # every problem of a step is told, and the walk goes on
            failed.append(what)
            print(f"✖ {what}: {problem}")
    return run


def price_of(category, symbol):
    row = taker.get_tickers(category=category, symbol=symbol)["result"]["list"][0]
    return round(float(row.get("markPrice") or row["lastPrice"]))


for category, symbol, qty in [("spot", "BTCUSDT", "0.01"), ("linear", "BTCUSDT", "0.01"), ("inverse", "BTCUSD", "100")]:
    @step(f"{category}: reads terms, book, ticker and trades")
    def read():
        assert taker.get_instruments_info(category=category, symbol=symbol)["result"]["list"]
        assert taker.get_orderbook(category=category, symbol=symbol)["result"]["s"] == symbol
        taker.get_public_trade_history(category=category, symbol=symbol)

    @step(f"{category}: creates, amends and cancels")
    def change():
        bid = dict(category=category, symbol=symbol, side="Buy", orderType="Limit", qty=qty)
        price = str(int(price_of(category, symbol) * 0.997))
        order = taker.place_order(**bid, price=price)["result"]["orderId"]
        taker.amend_order(category=category, symbol=symbol, orderId=order, price=str(int(price) - 1))
        taker.cancel_order(category=category, symbol=symbol, orderId=order)

    @step(f"{category}: is filled and finds the execution")
    def fill():
        limit = dict(category=category, symbol=symbol, orderType="Limit", qty=qty)
        price = str(int(price_of(category, symbol) * 1.001))
        maker.place_order(**limit, side="Sell", price=price)
        order = taker.place_order(**limit, side="Buy", price=price)["result"]["orderId"]
        rows = taker.get_executions(category=category, orderId=order)["result"]["list"]
        assert rows and rows[0]["execType"] == "Trade"


@step("reads the wallet")
def wallet():
    assert taker.get_wallet_balance(accountType="UNIFIED")["result"]["list"]


@step("hears a public book and its own orders")
def sockets():
    heard = []
    public = unified_trading.WebSocket(testnet=False, channel_type="linear")
    public.orderbook_stream(50, "BTCUSDT", lambda message: heard.append("book"))
    private = unified_trading.WebSocket(testnet=False, channel_type="private", api_key=key, api_secret=secret)
    private.order_stream(lambda message: heard.append("order"))
    time.sleep(1)
    price = str(int(price_of("linear", "BTCUSDT") * 0.997))
    order = dict(category="linear", symbol="BTCUSDT", side="Buy", orderType="Limit", qty="0.01", price=price)
    taker.place_order(**order)
    end = time.time() + 5
    while time.time() < end and not {"book", "order"} <= set(heard):
        time.sleep(0.05)
    assert {"book", "order"} <= set(heard), heard
    taker.cancel_all_orders(category="linear", symbol="BTCUSDT")


sys.exit(1 if failed else 0)
