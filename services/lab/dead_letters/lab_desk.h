#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/lab/api/lab_client.h"
#include "services/lab/dead_letters/desk.h"

namespace hailstorm::lab {

/// A desk at a lab that runs, over its API. Errors: those of LabClient.
///
/// Thread safety: safe.
class LabDesk final : public LetterDesk {
 public:
  explicit LabDesk(LabClient client) : client_(std::move(client)) {}

  [[nodiscard]] Result<json::Value> list() override;
  [[nodiscard]] Result<json::Value> show(const std::string& id) override;
  [[nodiscard]] Result<json::Value> replay(const std::vector<std::string>& ids) override;
  [[nodiscard]] Result<json::Value> replay_all() override;

 private:
  LabClient client_;
};

}  // namespace hailstorm::lab
