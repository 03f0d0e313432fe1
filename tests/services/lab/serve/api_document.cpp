#include "tests/services/lab/serve/api_document.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "tests/services/lab/serve/json_schema.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

const json::Value* member(const json::Value* value, const std::string& name) {
  return value == nullptr ? nullptr : value->find(name);
}

}  // namespace

const json::Value* ApiDocument::Operation::example() const {
  const auto* content = member(definition->find("requestBody"), "content");
  return member(member(content, "application/json"), "example");
}

bool ApiDocument::Operation::has_status(int status) const {
  return definition->find("responses")->find(std::to_string(status)) != nullptr;
}

int ApiDocument::Operation::success() const {
  int lowest = 999;
  for (const auto& [status, response] : *definition->find("responses")->members()) {
    lowest = std::min(lowest, std::stoi(status));
  }
  return lowest;
}

ApiDocument::ApiDocument() {
  auto parsed = json::parse(read_text(HAILSTORM_SOURCE_DIR "/services/lab/api/openapi.json"));
  if (!parsed.ok()) {
    ADD_FAILURE() << parsed.error().message();
    return;
  }
  root_ = std::move(*parsed);
  for (const auto& [path, methods] : *root_.find("paths")->members()) {
    for (const auto& [method, definition] : *methods.members()) {
      operations_.push_back({upper(method), path, &definition});
    }
  }
}

std::vector<std::string> ApiDocument::check(const Operation& operation,
                                            const http::Response& response) {
  const auto* answer =
      operation.definition->find("responses")->find(std::to_string(response.status));
  if (const auto* reference = member(answer, "$ref")) answer = resolve(root_, *reference->text());
  if (answer == nullptr) {
    return {"the document does not have status " + std::to_string(response.status) + ": " +
            response.body};
  }
  const auto type = response.content_type.substr(0, response.content_type.find(';'));
  const auto* schema = member(member(member(answer, "content"), type), "schema");
  if (type == "text/event-stream") schema = resolve(root_, "#/components/schemas/Frame");
  if (schema == nullptr) return {"the document does not have " + type + " with this status"};
  if (type == "application/jsonl" || type == "text/html") return {};
  const auto body = json::parse(response.body);
  if (!body.ok()) return {body.error().message()};
  noted_.push_back(*body);
  schemas_.push_back(*schema);
  return check_schema(*body, *schema, root_);
}

json::Value ApiDocument::schema_of_noted() const {
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"type", "array"},
          {"prefixItems", schemas_},
          {"components", *root_.find("components")}};
}

}  // namespace hailstorm::testing
