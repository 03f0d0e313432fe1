#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "common/events/events.h"
#include "common/http/client.h"
#include "tests/experiments/venv.h"
#include "tests/support/matchers.h"
#include "tests/support/platform.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

using nlohmann::json;

// The schema that OpenTelemetry publishes reads a trace, with an error for each name that it does
// not know, and writes what it has read.
constexpr const char* kPackage = "opentelemetry-proto==1.45.2";
constexpr const char* kReadAndWrite =
    "import sys\n"
    "from google.protobuf.json_format import MessageToJson, Parse\n"
    "from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import *\n"
    "trace = Parse(sys.stdin.read(), ExportTraceServiceRequest())\n"
    "print(MessageToJson(trace, use_integers_for_enums=True))\n";

/// A passport as a trace, read by OpenTelemetry's own schema.
class OtlpTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string problem = venv_.install();
    if (!problem.empty()) GTEST_SKIP() << problem;
    platform_ = std::make_unique<Platform>();
  }

  /// Asks for one ride on a lane; gives its id.
  std::string ask(const std::string& path, const std::string& rider) {
    http::Client gateway({"127.0.0.1", platform_->http_port("gateway")}, 20'000);
    EXPECT_OK(gateway.post(path,
                           fmt::format(R"({{"rider_id":"{}",)"
                                       R"("pickup":{{"lat":40.7128,"lon":-74.006}},)"
                                       R"("dropoff":{{"lat":40.7306,"lon":-73.9866}}}})",
                                       rider),
                           {{"Idempotency-Key", rider}}));
    return events::ride_id_for(rider, rider);
  }

  std::string trace_of(const std::string& ride_id) {
    const auto file = platform_->data() / (ride_id + ".json");
    const auto ended =
        run_program({program_folder() / "hail-lab", "passport", ride_id, "--data",
                     platform_->data(), "--broker", platform_->broker_url(), "--otlp", file});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return read_text(file);
  }

  void expect_read_whole(const std::string& trace) {
    const auto read = run_program({venv_.program("python"), "-c", kReadAndWrite}, trace);
    ASSERT_EQ(read.exit_code, 0) << read.err;
    EXPECT_EQ(json::parse(read.out, nullptr, false), json::parse(trace, nullptr, false));
  }

  const Venv venv_{"opentelemetry-proto", {kPackage}};
  std::unique_ptr<Platform> platform_;
};

TEST_F(OtlpTest, ThePassportsOfBothLanesAreReadWholeByOpenTelemetrysSchema) {
  for (const char* path : {"/rides", "/chain/rides"}) {
    SCOPED_TRACE(path);
    const std::string ride_id = ask(path, std::string("rider of ") + path);
    platform_->wait_until_settled();
    expect_read_whole(trace_of(ride_id));
  }
}

}  // namespace
}  // namespace hailstorm::testing
