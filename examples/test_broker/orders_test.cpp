// g++ -std=c++20 orders_test.cpp -lrdkafka++ -lgtest -lgtest_main -o orders_test && ./orders_test
#include <librdkafka/rdkafkacpp.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "broker.h"

class OrdersTest : public BrokerTest {
 protected:
  std::unique_ptr<RdKafka::Conf> conf(
      const std::vector<std::pair<std::string, std::string>>& more) const {
    std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
    std::string why;
    conf->set("bootstrap.servers", address(), why);
    for (const auto& [name, value] : more) conf->set(name, value, why);
    return conf;
  }
  void produce(std::string value) const {
    std::string why;
    const auto settings = conf({{"enable.idempotence", "true"}});
    std::unique_ptr<RdKafka::Producer> producer(RdKafka::Producer::create(settings.get(), why));
    ASSERT_TRUE(producer) << why;
    producer->produce("orders", RdKafka::Topic::PARTITION_UA, RdKafka::Producer::RK_MSG_COPY,
                      value.data(), value.size(), "customer-7", 10, 0, nullptr);
    ASSERT_EQ(producer->flush(10'000), RdKafka::ERR_NO_ERROR);
  }
  std::vector<std::string> consume(size_t count) const {
    std::string why;
    const auto settings = conf({{"group.id", "shop"}, {"auto.offset.reset", "earliest"}});
    std::unique_ptr<RdKafka::KafkaConsumer> consumer(
        RdKafka::KafkaConsumer::create(settings.get(), why));
    consumer->subscribe({"orders"});
    std::vector<std::string> values;
    while (values.size() < count) {
      const std::unique_ptr<RdKafka::Message> one(consumer->consume(10'000));
      if (one->err() != RdKafka::ERR_NO_ERROR) break;
      values.emplace_back(static_cast<const char*>(one->payload()), one->len());
    }
    consumer->close();
    return values;
  }
};

TEST_F(OrdersTest, AnOrderOutlivesABrokerThatIsKilled) {
  produce("made");
  kill_broker();
  start_broker();
  produce("paid");
  EXPECT_EQ(consume(2), (std::vector<std::string>{"made", "paid"}));
}
