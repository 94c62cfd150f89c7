// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/model_detail.h"

#include "app/document/clock.h"
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

/// Everything that a rate states, one line a price, the newest rates first and plain conditions before special ones.
std::vector<const Rate *> inOrder(const CatalogueModel &model)
{
    std::vector<const Rate *> rates;
    for (const Rate &rate : model.rates)
        rates.push_back(&rate);
    std::stable_sort(rates.begin(), rates.end(), [](const Rate *a, const Rate *b) {
        const auto rank = [](const Rate &rate) {
            return std::tuple(static_cast<int>(rate.tier), rate.region, rate.context ? rate.context->tokens : -1,
                              rate.daily.has_value());
        };
        const auto first = rank(*a);
        const auto second = rank(*b);
        return first != second ? first < second : b->valid.from < a->valid.from;
    });
    return rates;
}

/// Under which conditions and in which time a rate holds; empty for the plain case.
QString whenText(const Rate &rate)
{
    QStringList parts;
    if (const QString condition = conditionText(rate); !condition.isEmpty())
        parts << condition;
    if (rate.valid.from != alwaysBefore)
        parts << ModelDetail::tr("from %1").arg(dayText(rate.valid.from));
    if (rate.valid.to != alwaysAfter)
        parts << ModelDetail::tr("before %1").arg(dayText(rate.valid.to));
    QString text = parts.join(QStringLiteral(", "));
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
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
    m_rates->setFixedOrder(true);
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
    showRates(*book, model);
    showSources(model);
}

void ModelDetail::showRates(const PriceBook &book, const CatalogueModel &model)
{
    std::vector<ValueRow> rows;
    QStringList headings;
    QString heading;
    for (const Rate *rate : inOrder(model)) {
        const CellTone tone = rate->valid.to <= now() ? CellTone::Secondary : CellTone::Normal;
        if (const QString when = whenText(*rate); when != heading) {
            heading = when;
            headings << QStringLiteral("heading %1").arg(rows.size());
            rows.push_back({headings.back(), {ValueCell::ofText(when, CellTone::Secondary), {}}});
        }
        const QString help =
            rate->note.empty() ? sourceText(*rate) : toQt(rate->note) + QLatin1Char('\n') + sourceText(*rate);
        for (std::size_t i = 0; i < usageClassCount; ++i) {
            if (!rate->prices[i])
                continue;
            const auto usageClass = static_cast<UsageClass>(i);
            ValueCell what = ValueCell::ofText(className(usageClass), tone);
            what.toolTip = help;
            if (!isTokenClass(usageClass))
                what.text = tr("%1, %2").arg(what.text, priceUnit(usageClass));
            ValueCell price = priceCell(usageClass, rate->prices[i]->femto, {});
            price.tone = tone;
            rows.push_back({QString::number(rows.size()), {what, price}});
        }
    }
    // The inspector scrolls, not the table in it.
    m_rates->setFittingRows(static_cast<int>(rows.size()));
    m_rates->setColumns({{tr("Price of"), {}, false, ColumnWidth::Stretch},
                         {tr("%1 per million").arg(toQt(book.currency())),
                          tr("Per million tokens; what is charged by another unit names it"), true}});
    m_rates->setRows(std::move(rows));
    m_rates->setHeadings(headings);
}

void ModelDetail::showSources(const CatalogueModel &model)
{
    QStringList sources;
    QStringList notes;
    for (const Rate *rate : inOrder(model)) {
        if (const QString source = sourceText(*rate); !rate->source.empty() && !sources.contains(source))
            sources << source;
        if (const QString note = toQt(rate->note); !note.isEmpty() && !notes.contains(note))
            notes << note;
    }
    QString origin = sources.isEmpty() ? QString() : tr("Source: %1").arg(sources.join(QStringLiteral("; ")));
    if (!notes.isEmpty())
        origin += (origin.isEmpty() ? QString() : QStringLiteral("\n"))
                  + tr("Notes: %1").arg(notes.join(QStringLiteral("; ")));
    m_sources->setText(origin);
}

} // namespace perunit
