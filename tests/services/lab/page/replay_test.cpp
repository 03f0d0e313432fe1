#include <fmt/format.h>
#include <gmock/gmock.h>
#include <iostream>
#include <string>
#include <utility>

#include "tests/services/lab/page/live_fixture.h"
#include "tests/support/long_run.h"

/// The display's own time: it stands, steps and shows recordings.
namespace hailstorm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(LivePageTest, SpaceStandsStillArrowsStepAndTheStreamGoesOn) {
  open_page();
  ride(40);
  const double first = browser().number(kSeq);
  ASSERT_TRUE(browser().becomes(fmt::format("{} > {}", kSeq, first + 8)));
  browser().press({" "});
  ASSERT_TRUE(browser().becomes(kMode + " === 'paused'"));
  const double seq = browser().number(kSeq);
  ASSERT_TRUE(
      browser().becomes("document.querySelector('.banners').textContent.includes('newer')"));
  EXPECT_EQ(browser().number(kSeq), seq);
  browser().press({"ArrowLeft", "ArrowLeft", "ArrowLeft"});
  EXPECT_TRUE(browser().becomes(fmt::format("{} === {}", kSeq, seq - 3)));
  browser().press({"ArrowRight"});
  EXPECT_TRUE(browser().becomes(fmt::format("{} === {}", kSeq, seq - 2)));
  browser().press({" "});
  EXPECT_TRUE(browser().becomes(fmt::format("{} === 'live' && {} > {}", kMode, kSeq, seq)));
}

TEST_F(LivePageTest, ARecordedMomentLooksTheSameHoweverItIsReached) {
  browser().prefer({.has_reduced_motion = true});
  open_page();
  drop(recording());
  ASSERT_TRUE(browser().becomes(kMode + " === 'replaying'"));
  press_times("ArrowRight", 25);
  settle();
  const std::string seq = browser().text(kSeq);
  const std::string said = words();
  const std::string seen = dots();
  EXPECT_THAT(said, HasSubstr("payment"));
  EXPECT_THAT(seen, HasSubstr("circle")) << "rides wait";
  press_times("ArrowRight", 8);
  settle();
  EXPECT_NE(words(), said);
  press_times("ArrowLeft", 8);
  settle();
  EXPECT_EQ(browser().text(kSeq), seq);
  EXPECT_EQ(words(), said);
  EXPECT_EQ(dots(), seen);
  EXPECT_EQ(browser().text("document.querySelector('[data-action=stop-all]').disabled"), "true")
      << "nothing is changed from a recording";
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(LivePageTest, WhatWasExportedShowsTheSamePictureWhenItIsDropped) {
  browser().prefer({.has_reduced_motion = true});
  open_page();
  ride(40);
  inject("payment", "freeze", "60s");
  ASSERT_TRUE(browser().becomes("parseInt(" + figure("log", "waiting") + ") > 40"));
  browser().press({" "});
  ASSERT_TRUE(browser().becomes(kMode + " === 'paused'"));
  settle();
  const std::string seq = browser().text(kSeq);
  const std::string said = words();
  const std::string seen = dots();
  const json::Value lines =
      of_module("time", "module.load_control().then((control) => control.tape.lines())");
  browser().press({" "});
  drop(*lines.text());
  for (int i = 0; i < 400 && browser().text(kSeq) != seq; ++i) browser().press({"ArrowRight"});
  settle();
  EXPECT_EQ(browser().text(kSeq), seq);
  EXPECT_EQ(words(), said);
  EXPECT_EQ(dots(), seen);
}

TEST_F(LivePageTest, WhatIsNoRecordingIsRefusedWithItsReason) {
  open_page();
  drop(recording());
  browser().run(
      "const data = new DataTransfer(); data.items.add(new File(['{}\\n7\\n'], 'a.jsonl'));"
      "dispatchEvent(new DragEvent('drop', {dataTransfer: data, cancelable: true}));");
  EXPECT_TRUE(
      browser().becomes("document.querySelector('[data-panel=time] .problem').textContent"
                        ".includes('line 1 is neither a frame')"));
}

/// Frames of some minutes, through the page's own model, tape, views and pictures; as tables in
/// every other minute. Gives how many rides, samples and frames are kept.
constexpr const char* kFramesForLong = R"(
  const [lines, from_seq, to_seq] = arguments;
  const load = (name) => import(`/page/${name}.js`);
  const names = ['faults', 'services', 'lanes', 'city', 'time'];
  return Promise.all(['model', 'panels/time/tape', 'vendor/lit-html/lit-html',
    ...names.map((name) => `panels/${name}`)].map(load)).then(([m, t, lit, ...panels]) => {
    const place_of = () => document.body.appendChild(document.createElement('section'));
    const own = (window.hour ??= { model: new m.Model(), tape: new t.Tape(),
      frames: lines.split('\n').filter((line) => line.startsWith('{"v":1')).map(JSON.parse),
      places: names.map(place_of) });
    const { model, tape, frames, places } = own;
    const kinds = [{ action: 'freeze', of: 'process', targets: ['payment'], attributes: {} }];
    for (let seq = from_seq; seq < to_seq; ++seq) {
      const turn = Math.floor(seq / frames.length).toString(16).padStart(8, '0');
      const from = frames[seq % frames.length];
      const rides = from.rides.map(([ride, ...rest]) => [turn + ride.slice(8), ...rest]);
      const frame = { ...from, run: 'r', seq, t_ms: 1e12 + seq * 200, rides };
      model.take(frame);
      tape.add(JSON.stringify(frame), m.sample_of(frame));
      if (seq % 5 !== 0) continue;
      const table = Math.floor(seq / 300) % 2 === 0;
      const state = { lanes: { table }, city: { table }, time: { table }, faults: { kinds } };
      const ctx = { frame, rides: model.rides, history: model.history, now_ms: frame.t_ms,
        run: 'r', conn: 'live', mode: 'live', reduced_motion: true, state, set() {} };
      panels.forEach(({ panel }, at) => {
        lit.render(panel.view(ctx), places[at]);
        panel.draw?.((id) => places[at].querySelector('canvas')?.getContext('2d') ?? null, ctx);
      });
    }
    return { rides: model.rides.size, samples: model.history.length, frames: tape.size };
  });)";

constexpr int kFramesPerMinute = 300;

json::Value show_frames(WebDriver& browser, int from, int to) {
  json::Value arguments = json::Value::array();
  arguments.push_back(recording());
  arguments.push_back(from);
  arguments.push_back(to);
  return browser.run(kFramesForLong, std::move(arguments));
}

double heap_bytes(WebDriver& browser) {
  for (int i = 0; i < 3; ++i) {
    browser.devtools("HeapProfiler.collectGarbage", json::Value::object());
  }
  const auto used = browser.devtools("Runtime.getHeapUsage", json::Value::object());
  return used.find("usedSize")->number().value();
}

TEST_F(LivePageTest, FramesOfAnHourLeaveTheHeapAsItWas) {
  open_to_look();
  const int minutes = is_long_run() ? 60 : 14;
  static_cast<void>(show_frames(browser(), 1, 8 * kFramesPerMinute));  // all is as full as it gets
  const double before = heap_bytes(browser());
  const auto kept = show_frames(browser(), 8 * kFramesPerMinute, minutes * kFramesPerMinute);
  const double after = heap_bytes(browser());
  std::cout << "frames of " << minutes << " minutes: the heap has " << before << " bytes after 8, "
            << after << " at the end\n";
  EXPECT_LT(after, 1.1 * before) << "from " << before << " bytes to " << after;
  EXPECT_LE(kept.find("rides")->integer(), 2'000);
  EXPECT_LE(kept.find("frames")->integer(), 5 * kFramesPerMinute + 1);
  EXPECT_LE(kept.find("samples")->integer(), 5 * kFramesPerMinute + 1);
}

}  // namespace
}  // namespace hailstorm::testing
