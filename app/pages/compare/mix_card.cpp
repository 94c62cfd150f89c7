// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/compare/mix_card.h"

#include "app/pages/key_figures.h"
#include "app/pages/money_cells.h"
#include "app/pages/page_layout.h"
#include "model/figures/figure_builder.h"
#include "model/report/mix_figure.h"
#include "widgets/charts/figure_view.h"
#include "widgets/feedback/job_strip.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace perunit {

namespace {

constexpr int mostRows = 10;
constexpr int pictureHeight = 300;
/// Both ways of looking at groups together.
const std::string workloadAndModel = "workload+model";

std::vector<std::string> dimensionsOf(const std::string &choice)
{
    return choice == workloadAndModel ? std::vector<std::string>{"workload", "model"}
                                      : std::vector<std::string>{choice};
}

/// A baseline of one month of the ledger, at the prices of its time.
Result<std::shared_ptr<const Baseline>> baselineOf(const Baseline &ledger, std::shared_ptr<const PriceBook> book,
                                                   Month month, const std::stop_token &stop)
{
    BaselineSettings settings = ledger.settings();
    settings.period = Period{month.start(), month.plus(1).start()};
    settings.horizonMonths = 0;
    return Baseline::build(ledger.ledger(), std::move(book), settings, stop);
}

ValueCell costCell(const MixTraffic &traffic, const std::string &currency)
{
    return isUnknown(traffic) ? ValueCell::unknown(
               MixCard::tr("%1 tokens, none with a price").arg(toQt(countText(traffic.unpricedTokens))))
                              : moneyCell(traffic.cost.total(), currency);
}

} // namespace

MixCard::MixCard(const PageContext &context, QWidget *parent)
    : Card(tr("What changed between two months"), parent)
    , m_context(context)
{
    m_by = new ChoiceBox(tr("Groups"), this);
    m_by->setToolTip(tr("By which groups the traffic is compared; shifts between them are the mix"));
    m_by->setItems({{workloadAndModel, tr("by workload and model"), {}},
                    {"workload", tr("by workload"), {}},
                    {"model", tr("by model"), {}},
                    {"team", tr("by team"), {}},
                    {"customer", tr("by customer"), {}}});
    m_by->setValue(workloadAndModel);
    m_before = new ChoiceBox(tr("First month"), this);
    m_after = new ChoiceBox(tr("Second month"), this);
    m_by->setMinimumContentsLength(16);
    m_before->setMinimumContentsLength(7);
    m_after->setMinimumContentsLength(7);
    for (ChoiceBox *box : {m_by, m_before, m_after}) {
        addControl(box);
        connect(box, &ChoiceBox::valueEdited, this, &MixCard::refresh);
    }
    auto *content = new QWidget(this);
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space3);
    m_strip = new JobStrip(content);
    m_strip->setCancellable(false);
    rows->addWidget(m_strip);
    m_state = newLabel({}, "caption", content);
    m_state->setWordWrap(true);
    rows->addWidget(m_state);
    m_picture = new FigureView(content);
    m_picture->setLeastHeight(pictureHeight);
    connect(m_picture, &FigureView::exportRequested, this,
            [this] { m_context.window.exportFigure(m_picture->figure()); });
    rows->addWidget(m_picture);
    m_table = new ValueTable(tr("Groups and what moved them"), content);
    m_table->setFittingRows(mostRows);
    rows->addWidget(m_table);
    setContent(content);
    connect(&context.document, &WorkspaceDocument::opened, this, [this] {
        m_job.cancel();
        m_asked.reset();
        m_months.clear();
    });
    connect(&context.document, &WorkspaceDocument::historyChanged, this, &MixCard::refresh);
    connect(&m_job, &JobRunner::busyChanged, this, [this](bool busy) {
        if (busy)
            m_strip->showBusy(tr("Comparing"));
        else
            m_strip->showIdle();
    });
}

void MixCard::showEvent(QShowEvent *event)
{
    Card::showEvent(event);
    refresh();
}

void MixCard::setMonths(Month before, Month after)
{
    m_before->setValue(before.text());
    m_after->setValue(after.text());
    refresh();
}

/// The whole months of the ledger; the last two are compared unless somebody says otherwise.
void MixCard::fillMonths()
{
    const auto history = m_context.document.history();
    std::vector<Month> months;
    if (history) {
        const Period all = history->ledger->period();
        for (Month month = monthOf(all.from); month.start() < all.to; month = month.plus(1)) {
            if (isWholeMonth(month, all))
                months.push_back(month);
        }
    }
    if (months == m_months)
        return;
    m_months = months;
    std::vector<ChoiceItem> items;
    for (auto month = months.rbegin(); month != months.rend(); ++month)
        items.push_back({month->text(), shortMonthName(*month), {}});
    const auto known = [&items](const ChoiceBox *box) {
        return std::any_of(items.begin(), items.end(),
                           [box](const ChoiceItem &item) { return item.value == box->value(); });
    };
    for (ChoiceBox *box : {m_before, m_after})
        box->setItems(items);
    if (months.size() >= 2 && (!known(m_before) || !known(m_after))) {
        m_before->setValue(months[months.size() - 2].text());
        m_after->setValue(months.back().text());
    }
}

std::optional<MixCard::Wish> MixCard::currentWish() const
{
    const auto history = m_context.document.history();
    if (!history || !m_context.document.priceBook())
        return std::nullopt;
    Wish wish{history->ledger, m_context.document.priceBook(), {}, {}, dimensionsOf(m_by->value())};
    bool first = false;
    bool second = false;
    for (const Month month : m_months) {
        if (month.text() == m_before->value()) {
            wish.before = month;
            first = true;
        }
        if (month.text() == m_after->value()) {
            wish.after = month;
            second = true;
        }
    }
    return first && second ? std::optional(wish) : std::nullopt;
}

void MixCard::refresh()
{
    if (!isVisible())
        return;
    fillMonths();
    const auto wish = currentWish();
    for (ChoiceBox *box : {m_before, m_after, m_by})
        box->setEnabled(wish.has_value());
    if (!wish) {
        m_job.cancel();
        m_asked.reset();
        return showNothing(tr("Two whole months with requests are needed to compare them."));
    }
    if (wish->before == wish->after) {
        m_job.cancel();
        m_asked.reset();
        return showNothing(tr("Choose two different months."));
    }
    if (m_asked && *m_asked == *wish)
        return;
    start(*wish);
}

void MixCard::start(const Wish &wish)
{
    m_asked = wish;
    m_job.start([this, wish](const std::stop_token &stop) -> JobRunner::Delivery {
        const auto compare = [&]() -> Result<PriceVolumeMix> {
            const auto before = baselineOf(*wish.ledger, wish.book, wish.before, stop);
            if (!before)
                return before.error();
            const auto after = baselineOf(*wish.ledger, wish.book, wish.after, stop);
            if (!after)
                return after.error();
            return priceVolumeMix(**before, **after, wish.dimensions, nullptr, stop);
        };
        return [this, wish, mix = compare()] {
            showMix(wish, mix);
        };
    });
}

void MixCard::showNothing(const QString &why)
{
    m_mix.reset();
    m_picture->hide();
    m_table->hide();
    setTextOrHide(m_state, why);
}

void MixCard::showMix(const Wish &wish, const Result<PriceVolumeMix> &mix)
{
    if (!mix) {
        if (mix.error().code != ErrorCode::Cancelled)
            showNothing(errorText(mix.error()));
        return;
    }
    if (mix->groups.empty())
        return showNothing(tr("Neither month has requests."));
    m_mix = std::make_shared<const PriceVolumeMix>(*mix);
    setTextOrHide(m_state, {});
    m_picture->setFigure(mixWaterfall(*mix, fromQt(shortMonthName(wish.before)), fromQt(shortMonthName(wish.after))));
    m_picture->show();
    showTable(*mix);
    m_table->show();
}

void MixCard::showTable(const PriceVolumeMix &mix)
{
    std::vector<ValueColumn> columns{{tr("Group"), {}, false, ColumnWidth::Stretch},
                                     {shortMonthName(m_asked->before), tr("Cost in the first month"), true},
                                     {shortMonthName(m_asked->after), tr("Cost in the second month"), true},
                                     {tr("Difference"), {}, true},
                                     {tr("Largest effect"), tr("What moved the group most"), true},
                                     {tr("Which"), {}, false}};
    std::vector<ValueRow> rows;
    for (const MixGroup &group : mix.groups) {
        const MixEffect largest = largestEffect(group.effects);
        const bool known = !isUnknown(group.before) && !isUnknown(group.after);
        const ValueCell unknown = ValueCell::unknown(tr("one of the two is not known"));
        ValueCell which = ValueCell::ofText(
            known ? toQt(mixEffectLabels[static_cast<std::size_t>(largest)]) : QString(), CellTone::Secondary);
        which.toolTip = toQt(mixEffectHelp(largest));
        ValueRow row;
        row.key = toQt(mixGroupName(group));
        row.cells = {ValueCell::ofText(row.key, CellTone::Emphasis),
                     costCell(group.before, mix.currency),
                     costCell(group.after, mix.currency),
                     known ? changeCell(group.effects.total(), mix.currency) : unknown,
                     known ? changeCell(group.effects[largest], mix.currency) : unknown,
                     which};
        rows.push_back(std::move(row));
    }
    m_table->setColumns(std::move(columns));
    m_table->setRows(std::move(rows));
}

} // namespace perunit
