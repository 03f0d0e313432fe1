#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/log/log.h"
#include "common/service/health.h"

namespace hailstorm::service {

/// Makes a service's topics again after they were deleted. A topic is made again only when the
/// broker itself says that it does not exist; a broker that does not answer says nothing about it.
///
/// Thread safety: not safe. `health` must remain live while it is in use.
class TopicKeeper {
 public:
  /// `read` and `written`: the topics that the service reads, and those that it publishes to.
  TopicKeeper(std::unique_ptr<log::Admin> admin, const std::vector<std::string>& read,
              const std::vector<std::string>& written, Health& health);

  /// Looks at the topics once, makes those that are missing, with the settings that they had, and
  /// reports both to the probes. Waits for the broker's answers. Error: the log does not answer.
  [[nodiscard]] Status look();

 private:
  [[nodiscard]] Result<std::vector<std::string>> missing();
  [[nodiscard]] Status make(const std::string& topic);
  void learn(const std::vector<log::TopicInfo>& described);

  std::unique_ptr<log::Admin> admin_;
  std::vector<std::string> topics_;
  const std::vector<std::string> written_;
  Health& health_;
  std::map<std::string, log::TopicSettings> settings_;  // as last seen
};

}  // namespace hailstorm::service
