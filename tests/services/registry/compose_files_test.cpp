#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>

#include "services/registry/services.h"
#include "tests/support/run_program.h"

/// docker-compose.yml, Dockerfile and .env.example have every service of the registry, with its
/// port and its next hop.
namespace hailstorm::registry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string source(const std::string& file) {
  return testing::read_text(std::filesystem::path(HAILSTORM_SOURCE_DIR) / file);
}

/// The lines below "KEY:" at this indentation, up to the next line that is not deeper.
std::string yaml_block(const std::string& text, const std::string& key, size_t indentation) {
  const std::string begin = std::string(indentation, ' ') + key + ":";
  std::istringstream in(text);
  std::string block;
  bool is_inside = false;
  for (std::string line; std::getline(in, line);) {
    const size_t at = line.find_first_not_of(' ');
    if (is_inside && at != std::string::npos && at <= indentation) break;
    if (is_inside) block += line + "\n";
    is_inside = is_inside || line.starts_with(begin);
  }
  return block;
}

std::string to_upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

class ComposeFilesTest : public ::testing::TestWithParam<ServiceEntry> {
 protected:
  const std::string& name() const { return GetParam().name; }
  const std::string compose_ = source("docker-compose.yml");
  const std::string container_ = yaml_block(yaml_block(compose_, "services", 0), name(), 2);
};

TEST_P(ComposeFilesTest, AContainerRunsTheServiceWithTheRegistrysPortAndNextHop) {
  EXPECT_THAT(container_,
              HasSubstr(fmt::format(
                  "--, /usr/local/bin/hail-{}, --broker, \"hailstorm://{{broker}}\",", name())));
  EXPECT_THAT(container_, HasSubstr(fmt::format("--hold, {},", name())));
  EXPECT_THAT(container_, HasSubstr("--link, \"broker=broker:7400\""));
  EXPECT_THAT(container_, HasSubstr(fmt::format("--data, /data/{}", name())));
  EXPECT_THAT(container_,
              HasSubstr(fmt::format("http://127.0.0.1:{}/readyz", GetParam().default_port())));
  const std::string& next = GetParam().next_hop;
  if (next.empty()) {
    EXPECT_THAT(container_, Not(HasSubstr("--next")));
  } else {
    EXPECT_THAT(container_, HasSubstr(fmt::format("--next, \"http://{{{}}}\"", next)));
    EXPECT_THAT(container_, HasSubstr(fmt::format("--link, \"{0}={0}:{1}\"", next,
                                                  service(next).default_port())));
    EXPECT_THAT(container_, HasSubstr(fmt::format("{}-chain:/run/chain/next:ro", next)));
  }
}

TEST_P(ComposeFilesTest, EachServiceHasNetworksVolumesAndAHostNameOfItsOwn) {
  EXPECT_THAT(container_, HasSubstr(fmt::format("agent-{0}: {{aliases: [{0}-agent]}}", name())));
  EXPECT_THAT(container_, HasSubstr(fmt::format("- {0}-agent:/run/hailstorm", name())));
  EXPECT_THAT(container_, HasSubstr(fmt::format("- {0}:/data/{0}", name())));
  EXPECT_THAT(yaml_block(compose_, "x-agent", 0),
              HasSubstr(fmt::format("HAIL_{}_HTTP_HOSTS: {}", to_upper(name()), name())));
  EXPECT_THAT(yaml_block(compose_, "networks", 0), HasSubstr(fmt::format("  agent-{}:", name())));
  const std::string volumes = yaml_block(compose_, "volumes", 0);
  EXPECT_THAT(volumes, HasSubstr(fmt::format("  {}:", name())));
  EXPECT_THAT(volumes, HasSubstr(fmt::format("  {}-agent:", name())));
}

TEST_P(ComposeFilesTest, TheLabReadsEachServicesDataAndReachesItsAgent) {
  const std::string lab = yaml_block(yaml_block(compose_, "services", 0), "lab", 2);
  EXPECT_THAT(lab, HasSubstr(fmt::format("- {0}:/data/{0}:ro", name())));
  EXPECT_THAT(lab, HasSubstr(fmt::format("- {0}-agent:/run/agents/{0}:ro", name())));
  EXPECT_THAT(lab, HasSubstr(fmt::format("agent-{}:", name())));
}

TEST_P(ComposeFilesTest, TheImageHasTheFoldersOfEachService) {
  const std::string dockerfile = source("Dockerfile");
  EXPECT_TRUE(
      std::regex_search(dockerfile, std::regex("for folder in [a-z ]*\\b" + name() + "\\b")));
  EXPECT_THAT(dockerfile, HasSubstr("/run/agents/" + name()));
}

INSTANTIATE_TEST_SUITE_P(Each, ComposeFilesTest, ::testing::ValuesIn(services()),
                         [](const auto& one) { return one.param.name; });

TEST(SettingsFileTest, EachVariableIsASettingOfTheProgramThatItNames) {
  const std::string text = source(".env.example");
  const std::regex variable("#(HAIL_([A-Z]+)_[A-Z_]+)=");
  int found = 0;
  for (std::sregex_iterator one(text.begin(), text.end(), variable), end; one != end; ++one) {
    std::string program = (*one)[2];
    for (char& c : program) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const std::string flag =
        std::string((*one)[1]).substr(std::string("HAIL__").size() + program.size());
    std::string shown = "--";
    for (const char c : flag) {
      shown += c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    const auto help =
        testing::run_program({testing::program_folder() / ("hail-" + program), "--help"});
    EXPECT_THAT(help.out, HasSubstr("  " + shown)) << (*one)[1];
    ++found;
  }
  EXPECT_GT(found, 10);
}

/// A program shows the default port of its own entry; the broker knows nothing of the registry.
TEST(DefaultPortsTest, EachProgramListensWhereTheRegistrySays) {
  const auto expect_default = [](const std::string& program, const std::string& option, int port) {
    const auto help =
        testing::run_program({testing::program_folder() / ("hail-" + program), "--help"}).out;
    const std::regex shown("  " + option + " [^\\n]*" + std::to_string(port));
    EXPECT_TRUE(std::regex_search(help, shown)) << program << ": " << option << "\n" << help;
  };
  expect_default("broker", "--port", kBasePort + kBrokerPort);
  expect_default("broker", "--http-port", kBasePort + kBrokerHttpPort);
  expect_default("broker", "--kafka-port", 9092);  // Kafka's own
  for (const auto& one : services()) {
    expect_default(one.name, "--http-port", one.default_port());
    expect_default(one.name, "--broker", kBasePort + kBrokerPort);
    if (!one.next_hop.empty()) {
      expect_default(one.name, "--next", service(one.next_hop).default_port());
    }
  }
  expect_default("traffic", "--gateway", service(kGateway).default_port());
}

}  // namespace
}  // namespace hailstorm::registry
