// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/catalogues_view.h"

#include "app/document/clock.h"
#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/shell/edit_controls.h"
#include "pricing/catalogue/catalogue_file.h"
#include "widgets/feedback/card.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

ValueCell countCell(std::size_t count, CellTone tone = CellTone::Normal)
{
    return ValueCell::ofNumber(toQt(countText(static_cast<std::int64_t>(count))), static_cast<double>(count),
                               count == 0 ? CellTone::Secondary : tone);
}

QString holdsFrom(const AddedCatalogue &catalogue)
{
    return catalogue.dated ? CataloguesView::tr("its own dates") : dayText(catalogue.effectiveFrom);
}

} // namespace

CataloguesView::CataloguesView(const PageContext &context, QWidget *parent)
    : PricesView(context, parent)
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space4);
    auto *layers = new Card(tr("Catalogues"), this);
    layers->setSubtitle(tr("Where several have the same price, the lowest in the list counts"));
    m_up = changesWorkspace(layers->addAction(tr("Move up"), QStringLiteral("chevron-up")));
    m_down = changesWorkspace(layers->addAction(tr("Move down"), QStringLiteral("chevron-down")));
    m_remove = changesWorkspace(layers->addAction(tr("Remove"), QStringLiteral("delete")));
    connect(m_up, &QPushButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { move(1); });
    connect(m_remove, &QPushButton::clicked, this, &CataloguesView::removeSelected);
    m_layers = new ValueTable(tr("Catalogues"), layers);
    m_layers->setFittingRows(8);
    m_layers->setColumns(
        {{tr("Catalogue"), {}, false, ColumnWidth::Stretch},
         {tr("Format"), {}, false},
         {tr("As of"), tr("Date of its newest fact"), false},
         {tr("Holds from"), tr("From when prices without a date of their own are used"), false},
         {tr("Models"), {}, true},
         {tr("Held back"), tr("Models that keep the prices above, because these looked wrong"), true},
         {tr("Remarks"), tr("Entries that could not be used, or were read with a reservation"), true}});
    connect(m_layers, &ValueTable::currentKeyChanged, this, &CataloguesView::refreshInspector);
    layers->setContent(m_layers);
    rows->addWidget(layers);

    m_details = new Card({}, this);
    m_kind = new SegmentedSwitch(tr("What is listed below"), m_details);
    m_kind->addOption(QStringLiteral("conflicts"), tr("Disagreements"), {},
                      tr("Prices that several catalogues state differently"));
    m_kind->addOption(QStringLiteral("remarks"), tr("Remarks"), {},
                      tr("What of the selected catalogue cannot be used, or was read with a reservation"));
    connect(m_kind, &SegmentedSwitch::currentChanged, this, &CataloguesView::refreshDetails);
    m_details->addControl(m_kind);
    m_table = new ValueTable(tr("Disagreements and remarks"), m_details);
    m_table->setFilterShown(true, tr("Search"));
    m_details->setContent(m_table);
    rows->addWidget(m_details, 1);
    buildInspector();
}

void CataloguesView::buildInspector()
{
    QVBoxLayout *rows = nullptr;
    m_inspector = buildScrollingInspector(this, rows);
    QWidget *content = rows->parentWidget();
    m_name = newLabel({}, "section", content);
    m_name->setWordWrap(true);
    m_facts = newLabel({}, "caption", content);
    m_facts->setWordWrap(true);
    m_accept = changesWorkspace(new QPushButton(content));
    connect(m_accept, &QPushButton::clicked, this, &CataloguesView::acceptHeldBack);
    rows->addWidget(m_name);
    rows->addWidget(m_facts);
    rows->addWidget(m_accept);
    rows->addStretch();
}

void CataloguesView::refresh()
{
    refreshLayers();
    compare();
    refreshInspector();
}

void CataloguesView::refreshLayers()
{
    std::vector<ValueRow> rows;
    const Catalogue &bundled = bundledCatalogue();
    if (document().isOpen())
        rows.push_back(
            {QStringLiteral("0"),
             {ValueCell::ofText(tr("Bundled with Perunit"), CellTone::Emphasis),
              ValueCell::ofText(catalogueFormatName("perunit")), ValueCell::ofText(toQt(bundled.asOf)),
              ValueCell::ofText(tr("its own dates")), countCell(bundled.models.size()), countCell(0), countCell(0)}});
    for (const AddedCatalogue &catalogue : document().state().catalogues) {
        rows.push_back({QString::number(rows.size()),
                        {ValueCell::ofText(toQt(catalogue.file), CellTone::Emphasis),
                         ValueCell::ofText(catalogueFormatName(catalogue.format)),
                         catalogue.content->asOf.empty() ? ValueCell::unknown(tr("the file has no dates"))
                                                         : ValueCell::ofText(toQt(catalogue.content->asOf)),
                         ValueCell::ofText(holdsFrom(catalogue)), countCell(catalogue.content->models.size()),
                         countCell(catalogue.heldBack.size(), CellTone::Warning),
                         countCell(catalogue.issues->size(), CellTone::Warning)}});
    }
    m_layers->setEmptyText(tr("Open a workspace to see its catalogues."));
    m_layers->setRows(std::move(rows));
    if (m_layers->currentKey().isEmpty())
        m_layers->setCurrentKey(m_layers->model()->key(m_layers->shownRows() - 1));
}

void CataloguesView::compare()
{
    const auto book = document().priceBook();
    if (m_compared == book)
        return;
    m_compared = book;
    m_conflicts.reset();
    if (!book || document().state().catalogues.empty()) {
        m_job.cancel();
        m_conflicts = std::make_shared<const std::vector<PriceConflict>>();
        return;
    }
    m_job.start([this, layers = catalogueLayers(document().state())](const std::stop_token &) -> JobRunner::Delivery {
        auto found = std::make_shared<const std::vector<PriceConflict>>(priceConflicts(layers, startOfToday()));
        return [this, found] {
            m_conflicts = found;
            refreshDetails();
        };
    });
}

void CataloguesView::refreshDetails()
{
    if (m_kind->current() == QLatin1String("remarks"))
        showRemarks();
    else
        showConflicts();
}

void CataloguesView::showRemarks()
{
    const std::size_t place = selected();
    m_details->setTitle(tr("Remarks"));
    m_details->setSubtitle(place == 0 ? tr("On the catalogue that is bundled with Perunit")
                                      : tr("On %1").arg(toQt(document().state().catalogues[place - 1].file)));
    m_table->setColumns({{tr("Entry"), tr("Place in the file"), false, ColumnWidth::Stretch},
                         {tr("Remark"), {}, false, ColumnWidth::Stretch}});
    m_table->setEmptyText(tr("Everything in the file is used as it stands."));
    std::vector<ValueRow> rows;
    if (place > 0) {
        for (const CatalogueIssue &issue : *document().state().catalogues[place - 1].issues)
            rows.push_back({QString::number(rows.size()),
                            {ValueCell::ofText(issuePlace(issue.path)), ValueCell::ofText(toQt(issue.reason))}});
    }
    m_table->setRows(std::move(rows));
}

void CataloguesView::showConflicts()
{
    const bool several = !document().state().catalogues.empty();
    m_details->setTitle(tr("Where they disagree"));
    m_details->setSubtitle(tr("Prices of today that several catalogues state differently"));
    m_table->setColumns({{tr("Provider"), {}, false},
                         {tr("Model"), {}, false, ColumnWidth::Stretch},
                         {tr("When"), tr("Tier, region, prompt length or hours"), false},
                         {tr("Price of"), {}, false},
                         {tr("Elsewhere"), tr("What another catalogue states"), true},
                         {tr("Used"), tr("The price of the lowest catalogue in the list"), true},
                         {tr("Difference"), tr("From what is stated elsewhere to what is used"), true}});
    m_table->setEmptyText(!m_conflicts ? tr("Comparing the catalogues…")
                          : several    ? tr("The catalogues agree wherever several have a price.")
                                       : tr("With a second catalogue you see here where it disagrees with the first."));
    std::vector<ValueRow> rows;
    const std::vector<PriceConflict> conflicts = m_conflicts ? *m_conflicts : std::vector<PriceConflict>{};
    for (const PriceConflict &conflict : conflicts) {
        const PriceConflict::Statement &used = conflict.statements.back();
        const auto other = std::find_if(conflict.statements.begin(), conflict.statements.end(),
                                        [&used](const auto &each) { return each.femto != used.femto; });
        if (other == conflict.statements.end())
            continue;
        ValueCell elsewhere = priceCell(conflict.usageClass, other->femto, {});
        ValueCell counts = priceCell(conflict.usageClass, used.femto, {});
        QStringList all;
        for (const PriceConflict::Statement &each : conflict.statements)
            all << tr("%1: %2 (%3)")
                       .arg(toQt(each.catalogue), priceText(conflict.usageClass, each.femto), toQt(each.source));
        elsewhere.toolTip = counts.toolTip = all.join(QLatin1Char('\n'));
        const Femto before = Femto::ofUnits(other->femto);
        const Femto after = Femto::ofUnits(used.femto);
        rows.push_back(
            {QString::number(rows.size()),
             {ValueCell::ofText(toQt(conflict.model.provider)),
              ValueCell::ofText(toQt(conflict.model.model), CellTone::Emphasis),
              ValueCell::ofText(conditionText(conflict.tier, conflict.region, conflict.band, conflict.daily),
                                CellTone::Secondary),
              ValueCell::ofText(className(conflict.usageClass)), elsewhere, counts,
              ValueCell::ofNumber(toQt(changeText(before, after)),
                                  before.isZero() ? 1e9 : (after - before).approximate() / before.approximate())}});
    }
    m_table->setRows(std::move(rows));
}

/// Place of the selected catalogue among the added ones, from 1; 0: the bundled one, or none.
std::size_t CataloguesView::selected() const
{
    const std::size_t place = m_layers->currentKey().toUInt();
    return place <= document().state().catalogues.size() ? place : 0;
}

void CataloguesView::refreshInspector()
{
    const auto &catalogues = document().state().catalogues;
    const std::size_t place = selected();
    m_up->setEnabled(place > 1);
    m_down->setEnabled(place > 0 && place < catalogues.size());
    m_remove->setEnabled(place > 0);
    refreshDetails();
    m_accept->setVisible(place > 0 && !catalogues[place - 1].heldBack.empty());
    if (place == 0) {
        m_name->setText(tr("Bundled with Perunit"));
        m_facts->setText(tr("%L1 models and %L2 offers of provisioned throughput, each with its source and the date on "
                            "which it was checked. Catalogues that you add are laid over it.")
                             .arg(bundledCatalogue().models.size())
                             .arg(bundledCatalogue().offers.size()));
        return;
    }
    const AddedCatalogue &catalogue = catalogues[place - 1];
    m_name->setText(toQt(catalogue.file));
    m_facts->setText(tr("%1, recognised as %2 (%3). %4")
                         .arg(counted(catalogue.content->models.size(), tr("1 model"), tr("%1 models")),
                              catalogueFormatName(catalogue.format), toQt(catalogue.why),
                              catalogue.issues->empty()
                                  ? tr("Everything in the file is used as it stands.")
                                  : counted(catalogue.issues->size(), tr("There is 1 remark on what it says."),
                                            tr("There are %1 remarks on what it says."))));
    m_accept->setText(counted(catalogue.heldBack.size(), tr("Also use its suspicious model"),
                              tr("Also use its %1 suspicious models")));
    QStringList held;
    for (const ModelKey &key : catalogue.heldBack)
        held << modelKeyText(key);
    m_accept->setToolTip(tr("A price of them at least doubles or halves: %1").arg(held.join(QStringLiteral(", "))));
}

void CataloguesView::move(int by)
{
    const std::size_t place = selected();
    WorkspaceState next = document().state();
    const auto other = static_cast<std::size_t>(static_cast<int>(place) + by);
    if (place == 0 || other == 0 || other > next.catalogues.size())
        return;
    std::swap(next.catalogues[place - 1], next.catalogues[other - 1]);
    const QString file = toQt(next.catalogues[other - 1].file);
    m_layers->setCurrentKey(QString::number(other));
    document().edit(tr("Move prices %1").arg(file), std::move(next));
}

void CataloguesView::removeSelected()
{
    const std::size_t place = selected();
    if (place == 0)
        return;
    WorkspaceState next = document().state();
    const QString file = toQt(next.catalogues[place - 1].file);
    next.catalogues.erase(next.catalogues.begin() + static_cast<std::ptrdiff_t>(place - 1));
    document().edit(tr("Remove prices %1").arg(file), std::move(next));
    window().showUndoable(tr("The prices of %1 are removed.").arg(file));
}

void CataloguesView::acceptHeldBack()
{
    const std::size_t place = selected();
    if (place == 0)
        return;
    WorkspaceState next = document().state();
    next.catalogues[place - 1].heldBack.clear();
    const QString file = toQt(next.catalogues[place - 1].file);
    document().edit(tr("Use all prices of %1").arg(file), std::move(next));
    window().showUndoable(tr("All prices of %1 are used.").arg(file));
}

} // namespace perunit
