// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document/baseline_moves.h"

#include "model/figures/figure_builder.h"
#include "pricing/base/sha256.h"
#include "pricing/overlay/price_overlay.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace perunit {

namespace {

constexpr qsizetype mostNamed = 3;

QString tr(const char *text)
{
    return QCoreApplication::translate("BaselineMove", text);
}

/// Members that are plain text, with their names in the file.
const std::array<std::pair<const char *, std::string BaselineFacts::*>, 6> textMembers{
    {{"ledger", &BaselineFacts::ledger},
     {"catalogues", &BaselineFacts::catalogues},
     {"overrides", &BaselineFacts::overrides},
     {"settings", &BaselineFacts::settings},
     {"engine", &BaselineFacts::engine},
     {"currency", &BaselineFacts::currency}}};

QJsonArray listOf(const std::vector<std::string> &texts)
{
    QJsonArray list;
    for (const std::string &text : texts)
        list.append(toQt(text));
    return list;
}

std::vector<std::string> textsOf(const QJsonValue &list)
{
    std::vector<std::string> texts;
    for (const QJsonValue &text : list.toArray())
        texts.push_back(fromQt(text.toString()));
    return texts;
}

/// "a.csv, b.csv and 3 more".
QString named(const std::vector<std::string> &names)
{
    QStringList shown;
    for (const std::string &name : names) {
        if (shown.size() < mostNamed)
            shown << toQt(name);
    }
    const auto left = static_cast<qsizetype>(names.size()) - shown.size();
    const QString list = shown.join(QStringLiteral(", "));
    return left > 0 ? tr("%1 and %2 more").arg(list).arg(left) : list;
}

std::vector<std::string> without(const std::vector<std::string> &from, const std::vector<std::string> &taken)
{
    std::vector<std::string> left;
    std::set_difference(from.begin(), from.end(), taken.begin(), taken.end(), std::back_inserter(left));
    return left;
}

QStringList changesOf(const std::vector<std::string> &before, const std::vector<std::string> &after)
{
    QStringList parts;
    if (const auto added = without(after, before); !added.empty())
        parts << tr("added %1").arg(named(added));
    if (const auto gone = without(before, after); !gone.empty())
        parts << tr("without %1").arg(named(gone));
    return parts;
}

QString withDetails(const QString &what, const QStringList &details)
{
    return details.isEmpty() ? what
                             : what + QStringLiteral(" (") + details.join(QStringLiteral("; ")) + QLatin1Char(')');
}

} // namespace

bool BaselineFacts::sameGround(const BaselineFacts &other) const
{
    return ledger == other.ledger && catalogues == other.catalogues && overrides == other.overrides
           && engine == other.engine;
}

std::string writeBaselineFacts(const BaselineFacts &facts)
{
    QJsonObject object;
    for (const auto &[name, member] : textMembers)
        object.insert(QLatin1String(name), toQt(facts.*member));
    if (facts.total)
        object.insert(QStringLiteral("total"), toQt(facts.total->text()));
    object.insert(QStringLiteral("sources"), listOf(facts.sources));
    object.insert(QStringLiteral("layers"), listOf(facts.layers));
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

std::optional<BaselineFacts> readBaselineFacts(std::string_view json)
{
    const QJsonDocument document =
        QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())));
    if (!document.isObject())
        return std::nullopt;
    const QJsonObject object = document.object();
    BaselineFacts facts;
    for (const auto &[name, member] : textMembers)
        facts.*member = fromQt(object.value(QLatin1String(name)).toString());
    if (facts.ledger.empty() || facts.catalogues.empty())
        return std::nullopt;
    if (object.contains(QStringLiteral("total"))) {
        const auto total = parseDecimal(fromQt(object.value(QStringLiteral("total")).toString()), Femto::scale);
        if (total && !total->rounded)
            facts.total = Femto::ofUnits(total->units);
    }
    facts.sources = textsOf(object.value(QStringLiteral("sources")));
    facts.layers = textsOf(object.value(QStringLiteral("layers")));
    return facts;
}

// ---- a move -------------------------------------------------------------------------------------------------

bool BaselineMove::pricesMoved() const
{
    return before.catalogues != after.catalogues || before.overrides != after.overrides;
}

std::optional<Femto> BaselineMove::dataEffect() const
{
    // Amounts of other periods, rules or currencies have no difference that means anything.
    if (!before.total || !after.total || before.settings != after.settings || before.engine != after.engine
        || before.currency != after.currency)
        return std::nullopt;
    if (!dataMoved())
        return Femto();
    if (!pricesMoved())
        return *after.total - *before.total;
    if (!newLedgerAtFormerPrices)
        return std::nullopt;
    return *newLedgerAtFormerPrices - *before.total;
}

std::optional<Femto> BaselineMove::priceEffect() const
{
    const auto data = dataEffect();
    return data ? std::optional(*after.total - *before.total - *data) : std::nullopt;
}

QString BaselineMove::text() const
{
    QStringList causes;
    if (dataMoved())
        causes << withDetails(tr("the ledger"), changesOf(before.sources, after.sources));
    if (before.catalogues != after.catalogues)
        causes << withDetails(tr("prices"), changesOf(before.layers, after.layers));
    if (before.overrides != after.overrides)
        causes << tr("terms of contracts");
    if (before.engine != after.engine)
        causes << tr("the rules of the calculation (%1, was %2)").arg(toQt(after.engine), toQt(before.engine));
    if (before.settings != after.settings)
        causes << tr("period or horizon");
    QString text = tr("The baseline under your scenarios has moved: %1.").arg(causes.join(QStringLiteral(", ")));
    const std::string &currency = after.currency;
    if (before.total && after.total && before.currency == after.currency) {
        text += QLatin1Char(' ')
                + tr("It costs %1, was %2 (%3).")
                      .arg(toQt(moneyText(*after.total, currency)), toQt(moneyText(*before.total, currency)),
                           toQt(changeText(*before.total, *after.total)));
    }
    const auto data = dataEffect();
    const auto prices = priceEffect();
    if (data && prices && dataMoved() && pricesMoved())
        text += QLatin1Char(' ')
                + tr("Data: %1, prices: %2.")
                      .arg(toQt(signedMoneyText(*data, currency)), toQt(signedMoneyText(*prices, currency)));
    else if (dataMoved() && pricesMoved() && before.settings == after.settings && before.total && after.total)
        text += QLatin1Char(' ') + tr("How much of it is data and how much prices is not known here.");
    return text;
}

// ---- watching -----------------------------------------------------------------------------------------------

BaselineMoves::BaselineMoves(WorkspaceDocument &document, QObject *parent)
    : QObject(parent)
    , m_document(document)
{
    connect(&document, &WorkspaceDocument::opened, this, [this] {
        m_job.cancel();
        m_accepted = readBaselineFacts(fromQt(m_document.rememberedBaseline()));
        m_acceptedBook.reset();
        m_seen.reset();
        if (std::exchange(m_move, std::nullopt))
            emit changed();
    });
    connect(&document, &WorkspaceDocument::outcomesChanged, this, &BaselineMoves::compare);
}

std::optional<BaselineFacts> BaselineMoves::present() const
{
    const auto outcomes = m_document.outcomes();
    if (!outcomes || !outcomes->baseline)
        return std::nullopt;
    const PriceBook &book = outcomes->baseline->book();
    BaselineFacts facts;
    facts.ledger = outcomes->baseline->ledger().digest;
    facts.catalogues = book.hasOverlays() ? book.atList()->digest() : book.digest();
    facts.overrides = book.overlays().empty() ? std::string() : sha256Hex(writeOverlays(book.overlays()));
    facts.settings = writeBaselineSettings(outcomes->baseline->settings());
    facts.engine = engineVersion;
    facts.currency = outcomes->base.currency;
    if (!outcomes->base.isUnknown())
        facts.total = outcomes->base.total();
    for (const Source &source : m_document.sources()) {
        if (source.active)
            facts.sources.push_back(source.file);
    }
    for (const AddedCatalogue &catalogue : m_document.state().catalogues)
        facts.layers.push_back(catalogue.file);
    std::sort(facts.sources.begin(), facts.sources.end());
    std::sort(facts.layers.begin(), facts.layers.end());
    return facts;
}

void BaselineMoves::compare()
{
    const auto outcomes = m_document.outcomes();
    // Outcomes come with every step of a slider; the baseline stays the same all the while.
    if (!outcomes || outcomes->baseline == m_seen)
        return;
    m_seen = outcomes->baseline;
    const auto facts = present();
    if (!facts)
        return;
    m_job.cancel();
    const bool nothingToMove = !m_accepted || m_document.state().scenarios.scenarios.empty();
    // A period or horizon that somebody sets in this window is no surprise.
    if (nothingToMove || facts->sameGround(*m_accepted)) {
        remember(*facts);
        if (std::exchange(m_move, std::nullopt))
            emit changed();
        return;
    }
    m_move = BaselineMove{*m_accepted, *facts, std::nullopt};
    computeEffects();
    emit changed();
}

void BaselineMoves::computeEffects()
{
    const auto outcomes = m_document.outcomes();
    if (!m_move || !m_acceptedBook || !outcomes || !m_move->dataMoved() || !m_move->pricesMoved())
        return;
    m_job.start([this, baseline = outcomes->baseline,
                 book = m_acceptedBook](const std::stop_token &stop) -> JobRunner::Delivery {
        const auto former = Baseline::build(baseline->ledger(), book, baseline->settings(), stop);
        if (!former)
            return [] {
            };
        auto outcome = evaluate(**former, {}, stop);
        if (!outcome || outcome->isUnknown())
            return [] {
            };
        return [this, total = outcome->total()] {
            if (!m_move)
                return;
            m_move->newLedgerAtFormerPrices = total;
            emit changed();
        };
    });
}

void BaselineMoves::remember(const BaselineFacts &facts)
{
    // The document may have newer prices already, whose outcomes are still on their way.
    const auto outcomes = m_document.outcomes();
    const auto book = m_document.priceBook();
    m_acceptedBook = outcomes && book && book->digest() == outcomes->baseline->book().digest() ? book : nullptr;
    if (m_accepted == facts)
        return;
    m_accepted = facts;
    m_document.rememberBaseline(toQt(writeBaselineFacts(facts)));
}

void BaselineMoves::accept()
{
    m_job.cancel();
    if (const auto facts = present())
        remember(*facts);
    if (std::exchange(m_move, std::nullopt))
        emit changed();
}

} // namespace perunit
