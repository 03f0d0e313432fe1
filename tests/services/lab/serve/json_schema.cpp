#include "tests/services/lab/serve/json_schema.h"

#include <algorithm>
#include <regex>
#include <set>
#include <string_view>

namespace hailstorm::testing {
namespace {

using json::Value;

bool is_of_type(const Value& instance, const std::string& type) {
  if (type == "object") return instance.members() != nullptr;
  if (type == "array") return instance.elements() != nullptr;
  if (type == "string") return instance.text() != nullptr;
  if (type == "boolean") return instance.boolean().has_value();
  if (type == "number") return instance.number().has_value();
  if (type == "integer") return instance.integer().has_value();
  return type == "null" && std::holds_alternative<std::monostate>(instance.data());
}

class Checker {
 public:
  explicit Checker(const Value& root) : root_(root) {}

  void check(const Value& instance, const Value& schema, const std::string& at) {
    if (schema.members() == nullptr) return complain(at, "the schema is no object");
    for (const auto& [keyword, value] : *schema.members()) {
      check_keyword(instance, schema, keyword, value, at);
    }
  }
  std::vector<std::string> complaints;

 private:
  void complain(const std::string& at, const std::string& what) {
    complaints.push_back((at.empty() ? "/" : at) + ": " + what);
  }

  void check_keyword(const Value& instance, const Value& schema, const std::string& keyword,
                     const Value& value, const std::string& at) {
    if (keyword == "description") return;
    if (keyword == "$ref") return follow(instance, *value.text(), at);
    if (keyword == "anyOf") return check_any(instance, value, at);
    if (keyword == "type") return check_type(instance, value, at);
    if (keyword == "const" || keyword == "enum") return check_choice(instance, keyword, value, at);
    if (keyword == "required") return check_required(instance, value, at);
    if (keyword == "properties") return check_properties(instance, value, at);
    if (keyword == "additionalProperties") return check_others(instance, schema, value, at);
    if (keyword == "items") return check_items(instance, value, at);
    if (keyword == "prefixItems") return check_prefix(instance, value, at);
    if (keyword == "minItems" || keyword == "maxItems" || keyword == "uniqueItems") {
      return check_list(instance, keyword, value, at);
    }
    if (keyword == "minimum" || keyword == "maximum") {
      return check_range(instance, keyword, value, at);
    }
    if (keyword == "pattern") return check_pattern(instance, *value.text(), at);
    complain(at, "this test does not know the keyword " + keyword);
  }

  void follow(const Value& instance, const std::string& reference, const std::string& at) {
    const Value* target = resolve(root_, reference);
    if (target == nullptr) return complain(at, reference + " leads nowhere");
    check(instance, *target, at);
  }

  void check_any(const Value& instance, const Value& schemas, const std::string& at) {
    const bool is_any = std::any_of(schemas.elements()->begin(), schemas.elements()->end(),
                                    [&](const Value& schema) {
                                      Checker one(root_);
                                      one.check(instance, schema, at);
                                      return one.complaints.empty();
                                    });
    if (!is_any) complain(at, "is none of " + json::to_text(schemas));
  }

  void check_type(const Value& instance, const Value& type, const std::string& at) {
    if (type.text() != nullptr) {
      if (!is_of_type(instance, *type.text())) complain(at, "is no " + *type.text());
      return;
    }
    const auto& all = *type.elements();
    if (std::none_of(all.begin(), all.end(),
                     [&](const Value& one) { return is_of_type(instance, *one.text()); })) {
      complain(at, "is none of " + json::to_text(type));
    }
  }

  void check_choice(const Value& instance, const std::string& keyword, const Value& value,
                    const std::string& at) {
    const std::string text = json::to_text(instance);
    const auto is_it = [&text](const Value& one) { return json::to_text(one) == text; };
    const bool found = keyword == "const"
                           ? is_it(value)
                           : std::any_of(value.elements()->begin(), value.elements()->end(), is_it);
    if (!found) complain(at, text + " is not " + json::to_text(value));
  }

  void check_required(const Value& instance, const Value& names, const std::string& at) {
    if (instance.members() == nullptr) return;
    for (const auto& name : *names.elements()) {
      if (instance.find(*name.text()) == nullptr) complain(at, *name.text() + " is missing");
    }
  }

  void check_properties(const Value& instance, const Value& properties, const std::string& at) {
    for (const auto& [name, schema] : *properties.members()) {
      const Value* member = instance.find(name);
      if (member != nullptr) check(*member, schema, at + "/" + name);
    }
  }

  /// Members that the schema does not name.
  void check_others(const Value& instance, const Value& schema, const Value& value,
                    const std::string& at) {
    if (instance.members() == nullptr) return;
    const Value* named = schema.find("properties");
    for (const auto& [name, member] : *instance.members()) {
      if (named != nullptr && named->find(name) != nullptr) continue;
      if (value.boolean()) {
        if (!*value.boolean()) complain(at, name + " is not in the schema");
      } else {
        check(member, value, at + "/" + name);
      }
    }
  }

  void check_items(const Value& instance, const Value& schema, const std::string& at) {
    if (instance.elements() == nullptr) return;
    size_t index = 0;
    for (const auto& one : *instance.elements()) {
      check(one, schema, at + "/" + std::to_string(index++));
    }
  }

  void check_prefix(const Value& instance, const Value& schemas, const std::string& at) {
    if (instance.elements() == nullptr) return;
    const auto& all = *schemas.elements();
    for (size_t i = 0; i < std::min(all.size(), instance.elements()->size()); ++i) {
      check((*instance.elements())[i], all[i], at + "/" + std::to_string(i));
    }
  }

  void check_list(const Value& instance, const std::string& keyword, const Value& value,
                  const std::string& at) {
    const auto* elements = instance.elements();
    if (elements == nullptr) return;
    if (keyword == "minItems" && std::ssize(*elements) < *value.integer()) {
      complain(at, "has too few elements");
    }
    if (keyword == "maxItems" && std::ssize(*elements) > *value.integer()) {
      complain(at, "has too many elements");
    }
    std::set<std::string> texts;
    for (const auto& one : *elements) texts.insert(json::to_text(one));
    if (keyword == "uniqueItems" && texts.size() < elements->size()) {
      complain(at, "has an element twice");
    }
  }

  void check_range(const Value& instance, const std::string& keyword, const Value& value,
                   const std::string& at) {
    const auto number = instance.number();
    if (!number) return;
    if (keyword == "minimum" ? *number < *value.number() : *number > *value.number()) {
      complain(at, json::to_text(instance) + " is beyond the " + keyword);
    }
  }

  void check_pattern(const Value& instance, const std::string& pattern, const std::string& at) {
    if (instance.text() != nullptr && !std::regex_search(*instance.text(), std::regex(pattern))) {
      complain(at, *instance.text() + " does not match " + pattern);
    }
  }

  const Value& root_;
};

}  // namespace

std::vector<std::string> check_schema(const Value& instance, const Value& schema,
                                      const Value& root) {
  Checker checker(root);
  checker.check(instance, schema, "");
  return checker.complaints;
}

const Value* resolve(const Value& root, const std::string& reference) {
  std::string_view rest = reference;
  if (!rest.starts_with("#/")) return nullptr;
  rest.remove_prefix(2);
  const Value* at = &root;
  while (at != nullptr && !rest.empty()) {
    const auto name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    at = at->find(name);
  }
  return at;
}

}  // namespace hailstorm::testing
