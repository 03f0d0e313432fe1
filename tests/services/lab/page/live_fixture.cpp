#include "tests/services/lab/page/live_fixture.h"

#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <utility>

namespace hailstorm::testing {

std::string recording() {
  std::ifstream file(HAILSTORM_SOURCE_DIR "/tests/services/lab/page/frames/payment_freezes.jsonl");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void LivePageTest::drop(const std::string& lines) {
  json::Value arguments = json::Value::array();
  arguments.push_back(lines);
  browser().run(
      "const data = new DataTransfer();"
      "data.items.add(new File([arguments[0]], 'incident.jsonl'));"
      "dispatchEvent(new DragEvent('drop', {dataTransfer: data, cancelable: true}));",
      std::move(arguments));
  ASSERT_TRUE(browser().becomes("document.querySelector('[data-file]') !== null"));
}

json::Value LivePageTest::of_module(const std::string& name, const std::string& expression) {
  return browser().run(
      fmt::format("return import('/page/panels/{}.js').then((module) => {});", name, expression));
}

std::string LivePageTest::dots() {
  return *of_module("lanes",
                    "module.dots_now().map((one) => `${one.lane} ${one.shape} ${one.id}`).join()")
              .text();
}

std::string LivePageTest::figure(const std::string& lane, const std::string& name) {
  return fmt::format("document.querySelector('tr[data-lane={}] [data-figure={}]').textContent",
                     lane, name);
}

std::string LivePageTest::words() {
  return browser().text(
      "['lanes', 'city'].map((id) => document.querySelector(`[data-panel=${id}]`).innerText)"
      ".join('\\n')");
}

void LivePageTest::press_times(const std::string& key, int times) {
  browser().press(std::vector<std::string>(static_cast<size_t>(times), key));
}

void LivePageTest::settle() {
  browser().run(
      "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => "
      "requestAnimationFrame(done))));");
}

}  // namespace hailstorm::testing
