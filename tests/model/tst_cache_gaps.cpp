// SPDX-License-Identifier: GPL-3.0-or-later
// What a prompt cache can achieve: worked cases, a plain reference in rational numbers, Poisson arrivals and a
// published trace.
#include "model/engine/cache_gaps.h"
#include "model/import/byte_source.h"
#include "tests/model/engine_world.h"
#include "tests/model/reference_engine.h"
#include "tests/support/shared_data.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <sstream>

using namespace perunit;
using enum UsageClass;

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
const Instant someDay = instantOf(2026, 3, 2);
const Period march = world::months(2026, 3, 1);

RequestRow at(double seconds, std::int64_t prompt, const std::string &session = "s", const std::string &model = "a")
{
    RequestRow row =
        world::request({someDay.micros + static_cast<std::int64_t>(std::llround(seconds * 1e6))}, model, prompt, 7);
    row.session = session;
    return row;
}

/// Models a, b and minimum, which keeps no prompt of less than 1,024 tokens.
std::shared_ptr<const PriceBook> someBook()
{
    std::vector<CatalogueModel> models;
    for (const char *name : {"a", "b", "minimum"})
        models.push_back(world::model("p", name, {world::rate(name, {{Input, "3"}, {Output, "15"}})}));
    models[0].aliases = {"a-latest"};
    models[2].cacheMinimumTokens = 1024;
    return world::book(models);
}

/// A ledger with what the gaps of its requests allow.
struct Case {
    explicit Case(const std::vector<RequestRow> &rows, const CacheGaps::Limits &limits = {}, Period period = march)
        : ledger(world::ledger(rows))
        , book(someBook())
        , profile(Profile::build(*ledger.workload, *book, {period, true, {}}, {}).value())
        , gaps(CacheGaps::build(*profile, *ledger.workload, *book, {}, limits).value())
    {}

    /// Segments with a value in a dimension; all for an empty name.
    [[nodiscard]] std::vector<std::uint32_t> segments(const std::string &dimension = {},
                                                      const std::string &value = {}) const
    {
        std::vector<std::uint32_t> result;
        for (std::uint32_t i = 0; i < profile->segments.size(); ++i) {
            if (dimension.empty() || profile->text(profile->segments[i], dimension) == value)
                result.push_back(i);
        }
        return result;
    }
    [[nodiscard]] CacheGaps::Share all(int seconds, PartsPerMillion kept = onePpm,
                                       PartsPerMillion volume = onePpm) const
    {
        return gaps.achievable(segments(), seconds, kept, volume);
    }

    Ledger ledger;
    std::shared_ptr<const PriceBook> book;
    std::unique_ptr<const Profile> profile;
    CacheGaps gaps;
};

/// A question to CacheGaps.
struct Question {
    int seconds = 300;
    PartsPerMillion kept = onePpm;
    PartsPerMillion volume = onePpm;
    std::string environment; ///< of the requests asked about; empty: all
};

/// The rules of the README for one request after the other, in rational numbers.
class Reference
{
public:
    Reference(const std::vector<RequestRow> &rows, Period period)
    {
        const auto book = someBook();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!period.contains(rows[i].time))
                continue;
            const RequestRow &row = rows[i];
            Item item{&row,
                      i,
                      row.usage[Input] + row.usage[CacheRead] + row.usage[CacheWrite5m] + row.usage[CacheWrite1h],
                      {},
                      {}};
            const ModelMatch match = book->resolve(row.provider, row.model);
            const std::string model = match.model.found() ? std::to_string(match.model.value) : "?" + row.model;
            item.family = "segment " + reference::groupOf(row);
            if (!row.promptTemplate.empty())
                item.family = "template " + model + "/" + row.promptTemplate;
            if (!row.session.empty())
                item.family = "session " + model + "/" + row.session;
            item.minimum = match.model.found() ? book->model(match.model).cacheMinimumTokens : 0;
            m_items.push_back(item);
        }
        std::sort(m_items.begin(), m_items.end(), [](const Item &a, const Item &b) {
            return std::pair(a.row->time, a.number) < std::pair(b.row->time, b.number);
        });
    }

    struct Answer {
        mpz_class share;
        mpz_class prompt;
        mpz_class read;
        mpz_class unknown;
        bool upperBound = false;
    };
    [[nodiscard]] Answer answer(const Question &question) const
    {
        Answer result;
        mpq_class read;
        for (std::size_t j = 0; j < m_items.size(); ++j) {
            const Item &item = m_items[j];
            if (!question.environment.empty() && item.row->environment != question.environment)
                continue;
            result.prompt += static_cast<long>(item.prompt);
            if (item.row->usage[Request] != 1)
                result.unknown += static_cast<long>(item.prompt);
            else if (caches(item))
                read += readBy(j, question, result);
        }
        if (result.prompt != 0)
            result.share = halfEven(read * 1'000'000 / mpq_class(result.prompt));
        result.read = halfEven(read);
        return result;
    }

private:
    struct Item {
        const RequestRow *row = nullptr;
        std::size_t number = 0;
        std::int64_t prompt = 0;
        std::string family;
        std::int64_t minimum = 0;
    };
    static bool caches(const Item &item) { return item.prompt > 0 && item.prompt >= item.minimum; }
    static mpz_class halfEven(const mpq_class &value)
    {
        mpz_class whole;
        mpz_fdiv_q(whole.get_mpz_t(), value.get_num_mpz_t(), value.get_den_mpz_t());
        const mpq_class rest = value - whole;
        if (rest > mpq_class(1, 2) || (rest == mpq_class(1, 2) && mpz_odd_p(whole.get_mpz_t())))
            ++whole;
        return whole;
    }

    [[nodiscard]] mpq_class readBy(std::size_t j, const Question &question, Answer &answer) const
    {
        const Item &own = m_items[j];
        const bool shared = !own.family.starts_with("session ");
        mpq_class kept(question.kept, 1'000'000);
        mpq_class lifetime = std::min(question.seconds, 86'400);
        const mpq_class volume(question.volume, 1'000'000);
        if (shared && volume < 1)
            kept *= volume;
        else if (shared)
            lifetime = std::min<mpq_class>(question.seconds * volume, 86'400);
        lifetime = mpz_class(lifetime.get_num() / lifetime.get_den());
        mpq_class read;
        mpq_class chance = kept;
        std::int64_t common = own.prompt;
        int lag = 0;
        for (std::size_t i = j; i-- > 0 && lag < 32;) {
            const Item &other = m_items[i];
            if (other.family != own.family || other.row->usage[Request] != 1 || !caches(other)
                || other.row->time == own.row->time)
                continue;
            ++lag;
            common = std::min(common, other.prompt);
            const mpq_class gap(own.row->time.micros - other.row->time.micros, 1'000'000);
            if (gap <= lifetime)
                read += chance * common;
            chance *= 1 - kept;
        }
        answer.upperBound = answer.upperBound || (shared && read > 0);
        return read;
    }

    std::vector<Item> m_items;
};

/// Rows of all kinds within a few days; `seed` decides everything.
std::vector<RequestRow> randomRows(unsigned seed, int count)
{
    std::mt19937_64 engine(seed);
    const auto from = [&](std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(high - low + 1));
    };
    const auto oneOf = [&](const std::vector<std::string> &texts) {
        return texts[static_cast<std::size_t>(from(0, static_cast<std::int64_t>(texts.size()) - 1))];
    };
    const std::int64_t span = from(0, 2) == 0 ? 2 * 3600 : 60 * 3600;
    std::vector<RequestRow> rows;
    for (int i = 0; i < count; ++i) {
        RequestRow row;
        row.time.micros = someDay.micros + from(-3600, span) * microsPerSecond;
        if (from(0, 1) == 0)
            row.time.micros += from(0, 999'999);
        if (!rows.empty() && from(0, 5) == 0)
            row.time.micros = rows.back().time.micros + from(0, 1) * 300 * microsPerSecond;
        row.provider = "p";
        row.model = oneOf({"a", "a", "a-latest", "b", "minimum", "unheard-of", "unheard-of-too"});
        row.usage[Input] = from(0, 4) == 0 ? 0 : from(1, 3000);
        row.usage[CacheRead] = from(0, 1) * from(1, 2000);
        row.usage[CacheWrite5m] = from(0, 1) * from(0, 100);
        row.usage[CacheWrite1h] = from(0, 3) == 0 ? from(0, 100) : 0;
        row.usage[AudioIn] = from(0, 3) == 0 ? 5000 : 0;
        row.usage[Output] = from(1, 1000);
        row.usage[Request] = from(0, 12) == 0 ? from(0, 3) : 1;
        row.environment = oneOf({"live", "test"});
        row.status = from(0, 9) == 0 ? RequestStatus::Error : RequestStatus::Ok;
        row.session = oneOf({"", "", "s1", "s2", "s3", "s4", "s5"});
        row.promptTemplate = oneOf({"", "", "summary", "answer"});
        rows.push_back(row);
    }
    return rows;
}

void compare(const CacheGaps::Share &got, const Reference::Answer &wanted)
{
    QCOMPARE(got.share, static_cast<PartsPerMillion>(wanted.share.get_si()));
    QVERIFY(reference::big(static_cast<Int128>(got.promptTokens)) == wanted.prompt);
    QVERIFY(reference::big(static_cast<Int128>(got.readTokens)) == wanted.read);
    QVERIFY(reference::big(static_cast<Int128>(got.unknownTokens)) == wanted.unknown);
    QCOMPARE(got.upperBound, wanted.upperBound);
}

bool same(const CacheGaps::Share &a, const CacheGaps::Share &b)
{
    return a.share == b.share && a.promptTokens == b.promptTokens && a.readTokens == b.readTokens
           && a.unknownTokens == b.unknownTokens && a.upperBound == b.upperBound && a.lifetime == b.lifetime;
}

} // namespace

class TestCacheGaps : public QObject
{
    Q_OBJECT
private slots:
    void workedCases_data();
    void workedCases();
    void shareIsRoundedHalfToEven();
    void requestsBelongToTheirOwnSegment();
    void onlySharedFamiliesGrowWithVolume();
    void sharedFamiliesAreUpperBounds();
    void rowsOfSeveralRequestsAreUnknown();
    void otherPromptsAreNoPartOfIt();
    void equalsTheReference_data();
    void equalsTheReference();
    void extremes();
    void neverFallsWithMore_data();
    void neverFallsWithMore();
    void orderOfRowsDoesNotMatter();
    void portionsDoNotMatter();
    void widerStepsAreExactAtTheirEnds_data();
    void widerStepsAreExactAtTheirEnds();
    void poissonArrivals_data();
    void poissonArrivals();
    void stopsWhenAsked();
    void countsThatOutgrowTheirType();
    void publishedTrace();
};

void TestCacheGaps::workedCases_data()
{
    using Rows = std::vector<RequestRow>;
    QTest::addColumn<Rows>("rows");
    QTest::addColumn<int>("seconds");
    QTest::addColumn<qint64>("kept");
    QTest::addColumn<qint64>("share");
    const Rows growing{at(0, 1000), at(100, 1500), at(500, 2000)};
    // 1,000 of 4,500 are read after 100 seconds, 1,500 more after 400.
    QTest::newRow("shorter than all gaps") << growing << 99 << qint64{onePpm} << qint64{0};
    QTest::newRow("within five minutes") << growing << 300 << qint64{onePpm} << qint64{222'222};
    QTest::newRow("within 400 seconds") << growing << 400 << qint64{onePpm} << qint64{555'556};
    QTest::newRow("a whole lifetime is in time")
        << Rows{at(0, 10), at(300, 10)} << 300 << qint64{onePpm} << qint64{500'000};
    QTest::newRow("a microsecond later is not")
        << Rows{at(0, 10), at(300.000001, 10)} << 300 << qint64{onePpm} << qint64{0};
    QTest::newRow("the next second covers it")
        << Rows{at(0, 10), at(300.000001, 10)} << 301 << qint64{onePpm} << qint64{500'000};
    QTest::newRow("at once is too early") << Rows{at(5, 10), at(5, 10)} << 300 << qint64{onePpm} << qint64{0};
    // Both of those at once read what was there before them: 20 of 30.
    QTest::newRow("both at once read the one before")
        << Rows{at(0, 10), at(5, 10), at(5, 10)} << 300 << qint64{onePpm} << qint64{666'667};
    QTest::newRow("each use begins the lifetime anew")
        << Rows{at(0, 10), at(200, 10), at(400, 10)} << 200 << qint64{onePpm} << qint64{666'667};
    QTest::newRow("shortened conversation") << Rows{at(0, 900), at(10, 100)} << 60 << qint64{onePpm} << qint64{100'000};
    QTest::newRow("other session") << Rows{at(0, 10), at(5, 10, "t")} << 300 << qint64{onePpm} << qint64{0};
    QTest::newRow("other model") << Rows{at(0, 10), at(5, 10, "s", "b")} << 300 << qint64{onePpm} << qint64{0};
    QTest::newRow("other name of the model")
        << Rows{at(0, 10), at(5, 10, "s", "a-latest")} << 300 << qint64{onePpm} << qint64{500'000};
    QTest::newRow("models that nobody knows") << Rows{at(0, 10, "s", "x"), at(5, 10, "s", "y"), at(9, 20, "s", "x")}
                                              << 300 << qint64{onePpm} << qint64{250'000};
    // The second is read with 1/2; the third from the second with 1/2, else from the first with 1/4: 1,250 of 3,000.
    QTest::newRow("half of all are kept")
        << Rows{at(0, 1000), at(10, 1000), at(20, 1000)} << 60 << qint64{onePpm / 2} << qint64{416'667};
    // With the first alone the third has no more in common than the one between them: (5 + 5 + 2.5) of 2,010.
    QTest::newRow("what was cut off stays cut off")
        << Rows{at(0, 1000), at(10, 10), at(20, 1000)} << 60 << qint64{onePpm / 2} << qint64{6'219};
    // From the second with 1/2; the first is too long ago.
    QTest::newRow("half are kept, the first is forgotten")
        << Rows{at(0, 1000), at(50, 1000), at(100, 1000)} << 60 << qint64{onePpm / 2} << qint64{333'333};
    QTest::newRow("below the minimum") << Rows{at(0, 1023, "s", "minimum"), at(5, 1023, "s", "minimum")} << 300
                                       << qint64{onePpm} << qint64{0};
    QTest::newRow("at the minimum") << Rows{at(0, 1024, "s", "minimum"), at(5, 1024, "s", "minimum")} << 300
                                    << qint64{onePpm} << qint64{500'000};
    // 2,000 of 5,000: the short one neither reads nor stands in the way.
    QTest::newRow("below the minimum between others")
        << Rows{at(0, 2000, "s", "minimum"), at(5, 1000, "s", "minimum"), at(9, 2000, "s", "minimum")} << 300
        << qint64{onePpm} << qint64{400'000};
    QTest::newRow("a request without a prompt between others")
        << Rows{at(0, 2000), at(5, 0), at(9, 2000)} << 300 << qint64{onePpm} << qint64{500'000};
}

void TestCacheGaps::workedCases()
{
    QFETCH(std::vector<RequestRow>, rows);
    QFETCH(int, seconds);
    QFETCH(qint64, kept);
    const CacheGaps::Share got = Case(rows).all(seconds, kept);
    QTEST(qint64{got.share}, "share");
    QCOMPARE(got.upperBound, false);
    QCOMPARE(got.lifetime, seconds);
}

void TestCacheGaps::shareIsRoundedHalfToEven()
{
    // Of 2,000,000 tokens 1 is 0.5 millionths, 3 are 1.5, 5 are 2.5.
    for (const auto &[read, share] : {std::pair{1, 0}, {3, 2}, {5, 2}}) {
        const CacheGaps::Share got = Case({at(0, 2'000'000 - read), at(9, read)}).all(60);
        QVERIFY(got.readTokens == static_cast<UInt128>(read));
        QCOMPARE(got.share, PartsPerMillion{share});
    }
    // A half and a half of tokens: 0.5 is 0, 1.5 is 2.
    QVERIFY(Case({at(0, 9), at(9, 1)}).all(60, onePpm / 2).readTokens == 0);
    QVERIFY(Case({at(0, 9), at(9, 3)}).all(60, onePpm / 2).readTokens == 2);
}

void TestCacheGaps::requestsBelongToTheirOwnSegment()
{
    std::vector<RequestRow> rows{at(0, 1000), at(10, 2000), at(20, 3000)};
    rows[0].environment = rows[2].environment = "live";
    rows[1].environment = "test";
    const Case it(rows);
    QCOMPARE(it.profile->segments.size(), std::size_t{2});
    const CacheGaps::Share live = it.gaps.achievable(it.segments("environment", "live"), 60);
    const CacheGaps::Share test = it.gaps.achievable(it.segments("environment", "test"), 60);
    // The third request reads what the second left, though that stands in the other segment.
    QVERIFY(live.promptTokens == 4000 && live.readTokens == 2000);
    QVERIFY(test.promptTokens == 2000 && test.readTokens == 1000);
    QVERIFY(it.all(60).readTokens == 3000);
    QVERIFY(it.gaps.achievable({}, 60).promptTokens == 0);
}

void TestCacheGaps::onlySharedFamiliesGrowWithVolume()
{
    for (const bool shared : {false, true}) {
        std::vector<RequestRow> rows{at(0, 1000), at(100, 1000)};
        for (RequestRow &row : rows) {
            row.session = shared ? "" : "s";
            row.promptTemplate = shared ? "t" : "";
        }
        const Case it(rows);
        QCOMPARE(it.all(50, onePpm, 2 * onePpm).share, PartsPerMillion{shared ? 500'000 : 0});
        QCOMPARE(it.all(50, onePpm, 2 * onePpm - 1).share, PartsPerMillion{0});
        QCOMPARE(it.all(100, onePpm, onePpm / 4).share, PartsPerMillion{shared ? 125'000 : 500'000});
        QCOMPARE(it.all(100, onePpm / 2, onePpm / 4).share, PartsPerMillion{shared ? 62'500 : 250'000});
        QCOMPARE(it.all(100, onePpm, 0).share, PartsPerMillion{shared ? 0 : 500'000});
    }
}

void TestCacheGaps::sharedFamiliesAreUpperBounds()
{
    std::vector<RequestRow> rows{at(0, 1000), at(10, 1000), at(0, 500, ""), at(40, 500, "")};
    rows[2].environment = rows[3].environment = "other";
    for (const char *name : {"", "template"}) {
        rows[2].promptTemplate = rows[3].promptTemplate = name;
        const Case it(rows);
        QCOMPARE(it.all(20).upperBound, false);
        QCOMPARE(it.all(20).share, PartsPerMillion{333'333});
        QCOMPARE(it.all(60).upperBound, true);
        QCOMPARE(it.all(60).share, PartsPerMillion{500'000});
        QCOMPARE(it.all(60, onePpm, 0).upperBound, false);
        QCOMPARE(it.gaps.achievable(it.segments("environment", "other"), 60).upperBound, true);
        QCOMPARE(it.gaps.achievable(it.segments("environment", ""), 60).upperBound, false);
    }
    // A template is the same in all environments, what has no key at all is not.
    rows[3].environment = "";
    QCOMPARE(Case(rows).all(60).share, PartsPerMillion{500'000});
    rows[2].promptTemplate = rows[3].promptTemplate = "";
    QCOMPARE(Case(rows).all(60).share, PartsPerMillion{333'333});
}

void TestCacheGaps::rowsOfSeveralRequestsAreUnknown()
{
    for (const std::int64_t requests : {0, 2}) {
        std::vector<RequestRow> rows{at(0, 1000), at(10, 3000), at(20, 1000)};
        rows[1].usage[Request] = requests;
        const CacheGaps::Share got = Case(rows).all(60);
        QVERIFY(got.promptTokens == 5000 && got.unknownTokens == 3000 && got.readTokens == 1000);
        QCOMPARE(got.share, PartsPerMillion{200'000});
    }
}

void TestCacheGaps::otherPromptsAreNoPartOfIt()
{
    std::vector<RequestRow> rows{at(0, 100), at(10, 100)};
    rows[1].usage[Input] = 10;
    rows[1].usage[CacheRead] = 20;
    rows[1].usage[CacheWrite5m] = 30;
    rows[1].usage[CacheWrite1h] = 40;
    for (RequestRow &row : rows) {
        row.usage[AudioIn] = 10'000;
        row.usage[ImageIn] = 10'000;
    }
    const CacheGaps::Share got = Case(rows).all(60);
    QVERIFY(got.promptTokens == 200 && got.readTokens == 100);
}

void TestCacheGaps::equalsTheReference_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 8; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void TestCacheGaps::equalsTheReference()
{
    QFETCH(int, seed);
    const std::vector<RequestRow> rows = randomRows(static_cast<unsigned>(seed), 260);
    // The first hour of the requests lies before the period.
    const Period period{someDay, march.to};
    const Case it(rows, {}, period);
    const Reference reference(rows, period);
    int notTrivial = 0;
    for (const int seconds : {0, 1, 30, 299, 300, 3600, 86'400}) {
        for (const PartsPerMillion kept : {0, 1, 25'000, 333'333, 900'001, 1'000'000}) {
            for (const PartsPerMillion volume : {0, 41, 600'000, 1'000'000, 1'370'001, 40'000'000}) {
                for (const char *environment : {"", "live"}) {
                    const Question question{seconds, kept, volume, environment};
                    const auto segments = *environment == 0 ? it.segments() : it.segments("environment", environment);
                    const CacheGaps::Share got = it.gaps.achievable(segments, seconds, kept, volume);
                    compare(got, reference.answer(question));
                    if (QTest::currentTestFailed()) {
                        qWarning("%d seconds, kept %lld, volume %lld", seconds, static_cast<long long>(kept),
                                 static_cast<long long>(volume));
                        return;
                    }
                    // Not the same for all: some shared, some of it unknown.
                    notTrivial += got.share > 0 && got.upperBound && got.unknownTokens > 0 ? 1 : 0;
                }
            }
        }
    }
    QVERIFY(notTrivial > 70);
}

void TestCacheGaps::extremes()
{
    const Case nothing(std::vector<RequestRow>{});
    QVERIFY(same(nothing.all(300), CacheGaps::Share{0, 0, 0, 0, false, 300}));
    const Case it({at(0, 10), at(86'400, 10), at(2 * 86'400 + 1, 10)});
    QCOMPARE(it.all(-5).share, PartsPerMillion{0});
    QCOMPARE(it.all(-5).lifetime, 0);
    QCOMPARE(it.all(86'399).share, PartsPerMillion{0});
    QCOMPARE(it.all(86'400).share, PartsPerMillion{333'333});
    QCOMPARE(it.all(std::numeric_limits<int>::max()).share, PartsPerMillion{333'333});
    QCOMPARE(it.all(std::numeric_limits<int>::max()).lifetime, 86'400);
    constexpr PartsPerMillion huge = std::numeric_limits<PartsPerMillion>::max();
    QVERIFY(same(it.all(86'400, huge, huge), it.all(86'400)));
    QVERIFY(same(it.all(86'400, -1, onePpm), it.all(86'400, 0)));
    const Case shared({at(0, 10, ""), at(86'400, 10, "")});
    QCOMPARE(shared.all(1, onePpm, huge).share, PartsPerMillion{500'000});
    QCOMPARE(shared.all(86'400, onePpm, -1).share, PartsPerMillion{0});
}

void TestCacheGaps::neverFallsWithMore_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 21; seed <= 22; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void TestCacheGaps::neverFallsWithMore()
{
    QFETCH(int, seed);
    const Case it(randomRows(static_cast<unsigned>(seed), 400));
    const std::vector<int> lifetimes{0, 1, 10, 60, 300, 301, 900, 3600, 20'000, 86'400};
    const std::vector<PartsPerMillion> shares{0, 1, 1000, 50'000, 250'000, 500'000, 750'000, 999'999, 1'000'000};
    const std::vector<PartsPerMillion> volumes{0, 1000, 250'000, 999'999, 1'000'000, 1'000'001, 2'000'000, 9'000'000};
    for (std::size_t a = 0; a < lifetimes.size(); ++a) {
        for (std::size_t b = 0; b < shares.size(); ++b) {
            for (std::size_t c = 0; c < volumes.size(); ++c) {
                const UInt128 read = it.all(lifetimes[a], shares[b], volumes[c]).readTokens;
                if (a > 0)
                    QVERIFY(read >= it.all(lifetimes[a - 1], shares[b], volumes[c]).readTokens);
                if (b > 0)
                    QVERIFY(read >= it.all(lifetimes[a], shares[b - 1], volumes[c]).readTokens);
                if (c > 0)
                    QVERIFY(read >= it.all(lifetimes[a], shares[b], volumes[c - 1]).readTokens);
            }
        }
    }
    QVERIFY(it.all(300).share > 0 && it.all(300).share < it.all(86'400).share);
    QVERIFY(it.all(300, 250'000).share < it.all(300, 750'000).share);
}

void TestCacheGaps::orderOfRowsDoesNotMatter()
{
    std::vector<RequestRow> rows = randomRows(31, 400);
    // Of requests at the same time the order in the source decides, so there are none here.
    std::set<std::int64_t> times;
    std::erase_if(rows, [&](const RequestRow &row) { return !times.insert(row.time.micros).second; });
    const Case it(rows);
    std::shuffle(rows.begin(), rows.end(), std::mt19937_64(5));
    const Case shuffled(rows);
    for (const int seconds : {60, 300, 3600}) {
        for (const PartsPerMillion kept : {100'000, 1'000'000})
            QVERIFY(same(it.all(seconds, kept, 700'000), shuffled.all(seconds, kept, 700'000)));
    }
    QVERIFY(it.all(300).share > 0);
}

void TestCacheGaps::portionsDoNotMatter()
{
    const std::vector<RequestRow> rows = randomRows(41, 500);
    const Case it(rows);
    for (const std::size_t rowsAtATime : {1, 2, 7, 60}) {
        const Case portions(rows, {CacheGaps::Limits().entries, rowsAtATime});
        for (const int seconds : {1, 60, 300, 3600, 86'400}) {
            for (const PartsPerMillion kept : {100'000, 1'000'000})
                QVERIFY(same(it.all(seconds, kept, 700'000), portions.all(seconds, kept, 700'000)));
        }
    }
}

namespace {

/// Three conversations whose gaps are of all lengths.
std::vector<RequestRow> rowsOfAllGaps()
{
    std::mt19937_64 engine(51);
    std::vector<RequestRow> rows;
    for (const char *session : {"s", "t", "u"}) {
        double seconds = 0;
        for (int i = 0; i < 400; ++i) {
            seconds += std::exp(static_cast<double>(engine() % 10'000) / 1000);
            rows.push_back(at(seconds, static_cast<std::int64_t>(engine() % 5000), session));
            rows.back().environment = engine() % 3 == 0 ? "test" : "live";
        }
    }
    return rows;
}

} // namespace

void TestCacheGaps::widerStepsAreExactAtTheirEnds_data()
{
    QTest::addColumn<qulonglong>("entries");
    QTest::addColumn<int>("stepAt30");
    QTest::addColumn<int>("stepAt3600");
    QTest::addColumn<int>("stepAt86400");
    QTest::addColumn<qulonglong>("lags");
    QTest::newRow("seconds") << 60'000ULL << 1 << 1 << 1 << 32ULL;
    QTest::newRow("minutes beyond an hour") << 29'000ULL << 1 << 10 << 60 << 32ULL;
    QTest::newRow("quarters of an hour beyond an hour") << 10'000ULL << 1 << 60 << 900 << 32ULL;
    QTest::newRow("hours") << 1000ULL << 30 << 300 << 3600 << 32ULL;
    QTest::newRow("eight requests back") << 200ULL << 30 << 300 << 3600 << 8ULL;
    QTest::newRow("the request before alone") << 1ULL << 30 << 300 << 3600 << 1ULL;
}

void TestCacheGaps::widerStepsAreExactAtTheirEnds()
{
    QFETCH(qulonglong, entries);
    QFETCH(qulonglong, lags);
    const std::vector<RequestRow> rows = rowsOfAllGaps();
    const Case exact(rows);
    const Case it(rows, {static_cast<std::size_t>(entries), CacheGaps::Limits().rowsAtATime});
    QTEST(it.gaps.resolution(30), "stepAt30");
    QTEST(it.gaps.resolution(3600), "stepAt3600");
    QTEST(it.gaps.resolution(86'400), "stepAt86400");
    QCOMPARE(it.gaps.lags(), std::size_t{lags});
    QVERIFY(it.gaps.memory() <= exact.gaps.memory());
    for (const PartsPerMillion kept : {400'000, 1'000'000}) {
        const bool isExact = kept == onePpm || lags == CacheGaps::largestLag;
        bool told = false;
        for (int seconds = 0; seconds <= 86'400; seconds += seconds < 70 ? 1 : seconds < 700 ? 7 : 397) {
            const CacheGaps::Share got = it.all(seconds, kept);
            QVERIFY(got.lifetime <= seconds && seconds - got.lifetime < it.gaps.resolution(seconds));
            const CacheGaps::Share wanted = exact.all(got.lifetime, kept);
            QVERIFY(isExact ? same(got, wanted) : got.readTokens <= wanted.readTokens);
            told = told || got.lifetime < seconds;
        }
        QCOMPARE(told, it.gaps.resolution(3600) > 1);
        for (const int seconds : {30, 60, 120, 180, 240, 300, 600, 900, 1800, 3600, 7200, 43'200, 86'400}) {
            QCOMPARE(it.all(seconds, kept).lifetime, seconds);
            QVERIFY(!isExact || same(it.all(seconds, kept), exact.all(seconds, kept)));
        }
        QCOMPARE(it.all(43'200, kept).readTokens == exact.all(43'200, kept).readTokens, isExact);
    }
}

void TestCacheGaps::poissonArrivals_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<double>("kept");
    QTest::addColumn<double>("volume");
    for (const int seconds : {20, 100, 300}) {
        for (const double kept : {1.0, 0.5, 0.1}) {
            for (const double volume : {1.0, 2.0, 0.5})
                QTest::addRow("%d seconds, %g kept, volume %g", seconds, kept, volume) << seconds << kept << volume;
        }
    }
}

/// levers.md §3: with λ arrivals a second a sliding lifetime τ is hit by 1 - exp(-λτ) of them.
void TestCacheGaps::poissonArrivals()
{
    QFETCH(int, seconds);
    QFETCH(double, kept);
    QFETCH(double, volume);
    constexpr int count = 100'000;
    constexpr double meanGap = 100;
    CacheGaps::Tally tally(1);
    std::mt19937_64 engine(7);
    std::uniform_real_distribution<double> uniform(0, 1);
    tally.beginFamily(CacheFamilyKind::PromptTemplate);
    double time = 0;
    for (int i = 0; i < count; ++i) {
        time += -std::log1p(-uniform(engine)) * meanGap;
        tally.addTokens(0, 1000, true);
        tally.add({static_cast<std::int64_t>(time * 1e6), 1000, most, 0});
    }
    const CacheGaps gaps = tally.finish().value();
    const CacheGaps::Share got = gaps.achievable({0}, seconds, std::llround(kept * 1e6), std::llround(volume * 1e6));
    const double hit = 1 - std::exp(-seconds * kept * volume / meanGap);
    // What is added up over requests that follow each other varies less than independent requests would.
    const double deviation = std::sqrt(hit * (1 - hit) / count);
    QVERIFY2(std::abs(static_cast<double>(got.share) / 1e6 - hit) < 4 * deviation,
             qPrintable(QStringLiteral("%1 ppm, expected %2 of 1").arg(got.share).arg(hit)));
}

void TestCacheGaps::stopsWhenAsked()
{
    std::stop_source source;
    source.request_stop();
    const Case it({at(0, 10), at(5, 10)});
    const auto stopped = CacheGaps::build(*it.profile, *it.ledger.workload, *it.book, source.get_token());
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
}

void TestCacheGaps::countsThatOutgrowTheirType()
{
    const auto outcome = [](const std::function<void(CacheGaps::Tally &)> &fill) {
        CacheGaps::Tally tally(2);
        fill(tally);
        return tally.finish();
    };
    QVERIFY(outcome([](auto &tally) {
                tally.addTokens(0, most, true);
                tally.addTokens(0, most, false);
                tally.addTokens(1, most, true);
            }).ok());
    const auto denominator = outcome([](auto &tally) {
        tally.addTokens(0, most, true);
        tally.addTokens(0, 1, true);
    });
    QVERIFY(!denominator.ok() && denominator.error().code == ErrorCode::Overflow);
    for (const int gap : {1, 2}) {
        // Two gaps of the same length, and two of different lengths that a lifetime adds up.
        const auto sum = outcome([gap](auto &tally) {
            tally.beginFamily(CacheFamilyKind::Session);
            tally.add({0, most, most, 0});
            tally.add({microsPerSecond, most, most, 0});
            tally.beginFamily(CacheFamilyKind::Session);
            tally.add({0, most, most, 0});
            tally.add({gap * microsPerSecond, most, most, 0});
        });
        QVERIFY(!sum.ok() && sum.error().code == ErrorCode::Overflow);
    }
}

namespace {

struct TraceRequest {
    std::int64_t micros = 0;
    std::int64_t input = 0;
    std::vector<std::int64_t> blocks;
};

std::vector<TraceRequest> readTrace(const QString &path)
{
    auto source = ByteSource::open(path.toStdString(), nullptr, {});
    std::string text;
    std::vector<char> buffer(1 << 16);
    while (const std::size_t bytes = (*source)->read(buffer.data(), buffer.size()).value())
        text.append(buffer.data(), bytes);
    std::vector<TraceRequest> result;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto json = nlohmann::json::parse(line);
        result.push_back({json["timestamp"].get<std::int64_t>() * 1000, json["input_length"].get<std::int64_t>(),
                          json["hash_ids"].get<std::vector<std::int64_t>>()});
    }
    return result;
}

constexpr std::uint64_t blockTokens = 512;

/// What each request may read of each of its blocks, where the trace is taken apart into blocks: two requests
/// that share a block share all before it.
using ReadOf = std::function<std::uint64_t(const TraceRequest &, std::size_t block, std::size_t knownBlocks)>;

CacheGaps gapsOf(const std::vector<TraceRequest> &trace, const ReadOf &readOf, bool countRequests)
{
    // The trace counts in steps of three seconds: the same time does not mean at once.
    CacheGaps::Tally tally(1, -1);
    std::map<std::int64_t, std::vector<CacheGaps::Arrival>> arrivals;
    for (const TraceRequest &request : trace) {
        tally.addTokens(0, countRequests ? 1 : static_cast<std::uint64_t>(request.input), true);
        const auto unknown = std::find_if(request.blocks.begin(), request.blocks.end(),
                                          [&](std::int64_t block) { return !arrivals.contains(block); });
        const auto known = static_cast<std::size_t>(unknown - request.blocks.begin());
        for (std::size_t i = 0; i < request.blocks.size(); ++i)
            arrivals[request.blocks[i]].push_back(
                {request.micros, request.blocks.size() * blockTokens, readOf(request, i, known), 0});
    }
    for (const auto &[block, uses] : arrivals) {
        tally.beginFamily(CacheFamilyKind::Session);
        for (const CacheGaps::Arrival &use : uses)
            tally.add(use);
    }
    return tally.finish().value();
}

} // namespace

/// levers.md §3: token-weighted 0.289 at 300 seconds and 0.091 at 60, the product of shares 0.343 and 0.260.
/// All digits: a program of its own in another language over the same file.
void TestCacheGaps::publishedTrace()
{
    const QString path = sharedData("ledgers/llm_traces/mooncake/conversation_trace.jsonl.gz");
    REQUIRE_SHARED(path);
    const std::vector<TraceRequest> trace = readTrace(path);
    QCOMPARE(trace.size(), std::size_t{12'031});

    const auto knownTokens = [](const TraceRequest &request, std::size_t known) {
        return std::min<std::uint64_t>(known * blockTokens, static_cast<std::uint64_t>(request.input));
    };
    // All that was ever sent before is read when the last block of it was used within the lifetime.
    const CacheGaps tokens = gapsOf(
        trace,
        [&](const TraceRequest &request, std::size_t i, std::size_t known) {
            return i + 1 == known ? knownTokens(request, known) : 0;
        },
        false);
    QVERIFY(tokens.achievable({0}, 300).promptTokens == 144'793'823);
    QCOMPARE(tokens.achievable({0}, 300).share, PartsPerMillion{289'247});
    QCOMPARE(tokens.achievable({0}, 60).share, PartsPerMillion{90'930});
    QCOMPARE(tokens.achievable({0}, 86'400).share, PartsPerMillion{373'624});

    const CacheGaps requests = gapsOf(
        trace, [](const TraceRequest &, std::size_t i, std::size_t known) { return i + 1 == known ? 1 : 0; }, true);
    QCOMPARE(requests.achievable({0}, 300).share, PartsPerMillion{917'214});
    QCOMPARE(requests.achievable({0}, 60).share, PartsPerMillion{696'118});
    // The product of both shares is the naive figure: far too high for a short lifetime.
    QCOMPARE(std::lround(0.373624 * 0.917214 * 1000), 343L);
    QCOMPARE(std::lround(0.373624 * 0.696118 * 1000), 260L);

    // Block by block, each with a lifetime of its own.
    const CacheGaps blocks = gapsOf(
        trace,
        [](const TraceRequest &request, std::size_t i, std::size_t) {
            return std::min(blockTokens, static_cast<std::uint64_t>(request.input) - i * blockTokens);
        },
        false);
    QCOMPARE(blocks.achievable({0}, 300).share, PartsPerMillion{293'387});
    QCOMPARE(blocks.achievable({0}, 60).share, PartsPerMillion{105'371});
}

QTEST_APPLESS_MAIN(TestCacheGaps)
#include "tst_cache_gaps.moc"
