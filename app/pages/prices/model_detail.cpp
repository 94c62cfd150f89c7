// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/model_detail.h"

#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr std::size_t mostPrices = 400;

/// Everything that a rate states, one line a price, the newest rates first and plain conditions before special ones.
std::vector<const Rate *> inOrder(const CatalogueModel &model)
{
    std::vector<const Rate *> rates;
    for (const Rate &rate : model.rates)
        rates.push_back(&rate);
    std::stable_sort(rates.begin(), rates.end(), [](const Rate *a, const Rate *b) {
        const auto rank = [](const Rate &rate) {
            return std::tuple(static_cast<int>(rate.tier), rate.region, rate.context ? rate.context->tokens : -1,
                              rate.daily.has_value(), -rate.valid.from.micros);
        };
        return rank(*a) < rank(*b);
    });
    return rates;
}

QString sourceText(const Rate &rate)
{
    QString text = toQt(rate.source);
    if (!rate.checked.empty())
        text = ModelDetail::tr("%1, checked %2").arg(text, toQt(rate.checked));
    if (!rate.grade.empty())
        text = ModelDetail::tr("%1, grade %2").arg(text, toQt(rate.grade));
    return text;
}

} // namespace

ModelDetail::ModelDetail(QWidget *parent)
    : QWidget(parent)
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space2);
    m_name = newLabel({}, "section", this);
    m_name->setWordWrap(true);
    m_facts = newLabel({}, "caption", this);
    m_facts->setWordWrap(true);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_rates = new ValueTable(tr("Prices"), this);
    m_rates->setCompact(true);
    // The inspector scrolls, not the table in it.
    m_rates->setFittingRows(static_cast<int>(mostPrices));
    m_rates->setColumns({{tr("Price of"), {}, false},
                         {tr("When"), tr("Tier, region, prompt length, hours or dates"), false, ColumnWidth::Stretch},
                         {tr("Price"), tr("Per million tokens, or for one event"), true}});
    m_rates->setEmptyText(tr("No prices"));
    m_sources = newLabel({}, "caption", this);
    m_sources->setWordWrap(true);
    m_sources->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    rows->addWidget(m_name);
    rows->addWidget(m_facts);
    rows->addWidget(m_rates);
    rows->addWidget(m_sources);
}

void ModelDetail::show(const PriceBook *book, ModelIndex index, const QString &name)
{
    const bool found = book && index.found();
    m_rates->setVisible(found);
    if (!found) {
        m_name->setText(name.isEmpty() ? tr("Nothing selected") : name);
        m_facts->setText(name.isEmpty() ? tr("Select a model to see its prices over time and where they come from.")
                                        : QString());
        m_sources->clear();
        return;
    }
    const CatalogueModel &model = book->model(index);
    m_name->setText(model.displayName.empty() ? toQt(model.key.model) : toQt(model.displayName));
    QStringList facts{modelKeyText(model.key), tr("from %1").arg(toQt(book->catalogueOf(index)))};
    if (model.contextWindow > 0)
        facts << tr("prompts up to %1 tokens").arg(toQt(countText(model.contextWindow)));
    if (!model.aliases.empty()) {
        QStringList aliases;
        for (const std::string &alias : model.aliases)
            aliases << toQt(alias);
        facts << tr("also called %1").arg(aliases.join(QStringLiteral(", ")));
    }
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    std::vector<ValueRow> rows;
    QStringList sources;
    QStringList notes;
    for (const Rate *rate : inOrder(model)) {
        QString when = conditionText(*rate);
        const auto append = [&when](const QString &part) {
            when += (when.isEmpty() ? QString() : QStringLiteral(", ")) + part;
        };
        if (rate->valid.from != alwaysBefore)
            append(tr("from %1").arg(dayText(rate->valid.from)));
        if (rate->valid.to != alwaysAfter)
            append(tr("until %1").arg(dayText(rate->valid.to)));
        for (std::size_t i = 0; i < usageClassCount && rows.size() < mostPrices; ++i) {
            if (!rate->prices[i])
                continue;
            const auto usageClass = static_cast<UsageClass>(i);
            ValueCell condition = ValueCell::ofText(when, CellTone::Secondary);
            condition.toolTip =
                rate->note.empty() ? sourceText(*rate) : toQt(rate->note) + QLatin1Char('\n') + sourceText(*rate);
            rows.push_back({toQt(rate->id) + QString::number(rows.size()),
                            {ValueCell::ofText(className(usageClass)), condition,
                             priceCell(usageClass, rate->prices[i]->femto, {})}});
        }
        if (const QString source = sourceText(*rate); !rate->source.empty() && !sources.contains(source))
            sources << source;
        if (const QString note = toQt(rate->note); !note.isEmpty() && !notes.contains(note))
            notes << note;
    }
    m_rates->setRows(std::move(rows));
    QString origin = sources.isEmpty() ? QString() : tr("Source: %1").arg(sources.join(QStringLiteral("; ")));
    if (!notes.isEmpty())
        origin += (origin.isEmpty() ? QString() : QStringLiteral("\n"))
                  + tr("Notes: %1").arg(notes.join(QStringLiteral("; ")));
    m_sources->setText(origin);
}

} // namespace perunit
