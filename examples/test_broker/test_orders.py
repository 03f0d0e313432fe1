from confluent_kafka import Consumer, Producer


def consume(broker, count):
    consumer = Consumer({"bootstrap.servers": broker.address, "group.id": "shop",
                         "auto.offset.reset": "earliest"})
    consumer.subscribe(["orders"])
    values = []
    while len(values) < count:
        message = consumer.poll(10)
        assert message is not None, f"only {values} came"
        if message.error() is None:
            values.append(message.value().decode())
    consumer.close()
    return values


def produce(producer, value):
    producer.produce("orders", key="customer-7", value=value)
    assert producer.flush(10) == 0


def test_orders_of_a_customer_are_read_in_order(broker):
    producer = Producer({"bootstrap.servers": broker.address, "enable.idempotence": True})
    for value in ("made", "paid", "sent"):
        produce(producer, value)
    assert consume(broker, 3) == ["made", "paid", "sent"]


def test_an_order_outlives_a_broker_that_is_killed(broker):
    producer = Producer({"bootstrap.servers": broker.address, "enable.idempotence": True})
    produce(producer, "made")
    broker.kill()
    broker.start()
    produce(producer, "paid")
    assert consume(broker, 2) == ["made", "paid"]
