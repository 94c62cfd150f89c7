// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/selection.h"

#include "widgets/text/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <utility>

namespace perunit {

namespace {

/// Names of the pages as they are kept in the workspace; an import under way is not reopened.
constexpr std::array<std::string_view, 8> pageNames{"home",      "ledger",  "prices",   "units",
                                                    "scenarios", "compare", "capacity", "report"};

PageId pageNamed(const std::string &name)
{
    const auto found = std::find(pageNames.begin(), pageNames.end(), name);
    return found == pageNames.end() ? PageId::Home : static_cast<PageId>(found - pageNames.begin());
}

} // namespace

Selection::Selection(WorkspaceDocument &document, QObject *parent)
    : QObject(parent)
    , m_document(document)
{
    connect(&document, &WorkspaceDocument::opened, this, &Selection::restore);
    connect(&document, &WorkspaceDocument::stateChanged, this, &Selection::dropWhatIsGone);
}

void Selection::setPage(PageId page)
{
    if (std::exchange(m_page, page) == page)
        return;
    save();
    emit pageChanged();
}

void Selection::setScenario(const std::string &id)
{
    if (std::exchange(m_scenario, id) == id)
        return;
    save();
    emit scenarioChanged();
}

void Selection::setUnit(const std::string &name)
{
    if (std::exchange(m_unit, name) == name)
        return;
    save();
    emit unitChanged();
}

void Selection::renameUnit(const std::string &before, const std::string &after)
{
    if (m_unit == before && before != after) {
        m_unit = after;
        save();
    }
}

void Selection::setReference(const std::string &id)
{
    if (std::exchange(m_reference, id) == id)
        return;
    save();
    emit comparedChanged();
}

void Selection::setCompared(const std::string &id, bool compared)
{
    if (isCompared(id) == compared)
        return;
    if (compared)
        m_left.erase(id);
    else
        m_left.insert(id);
    save();
    emit comparedChanged();
}

void Selection::setCapacity(const CapacityChoice &choice)
{
    if (std::exchange(m_capacity, choice) == choice)
        return;
    save();
    emit capacityChanged();
}

void Selection::setComparePicture(const QString &picture)
{
    if (std::exchange(m_comparePicture, picture) == picture)
        return;
    save();
    emit comparedChanged();
}

void Selection::restore()
{
    m_restoring = true;
    const QJsonObject view = QJsonDocument::fromJson(m_document.viewState().toUtf8()).object();
    // Who opens a workspace for the first time meets a scenario with levers, not the baseline without any.
    const auto &scenarios = m_document.state().scenarios.scenarios;
    const std::string first = scenarios.empty() ? std::string() : scenarios.front().id;
    m_scenario = fromQt(view.value(QStringLiteral("scenario")).toString(toQt(first)));
    m_unit = fromQt(view.value(QStringLiteral("unit")).toString());
    m_reference = fromQt(view.value(QStringLiteral("reference")).toString());
    m_comparePicture = view.value(QStringLiteral("picture")).toString(QStringLiteral("components"));
    m_capacity = readCapacityChoice(view.value(QStringLiteral("capacity")).toObject());
    m_left.clear();
    for (const QJsonValue &id : view.value(QStringLiteral("left_out")).toArray())
        m_left.insert(fromQt(id.toString()));
    m_page = pageNamed(fromQt(view.value(QStringLiteral("page")).toString()));
    dropWhatIsGone();
    m_restoring = false;
    emit pageChanged();
    emit scenarioChanged();
    emit unitChanged();
    emit comparedChanged();
    emit capacityChanged();
}

void Selection::save()
{
    if (m_restoring || !m_document.isOpen())
        return;
    QJsonObject view;
    if (m_page != PageId::Import && m_page != PageId::Catalogue)
        view.insert(QStringLiteral("page"), toQt(pageNames[static_cast<std::size_t>(m_page)]));
    view.insert(QStringLiteral("scenario"), toQt(m_scenario));
    view.insert(QStringLiteral("unit"), toQt(m_unit));
    view.insert(QStringLiteral("reference"), toQt(m_reference));
    view.insert(QStringLiteral("picture"), m_comparePicture);
    view.insert(QStringLiteral("capacity"), capacityChoiceJson(m_capacity));
    QJsonArray left;
    for (const std::string &id : m_left)
        left.append(toQt(id));
    view.insert(QStringLiteral("left_out"), left);
    m_document.setViewState(QString::fromUtf8(QJsonDocument(view).toJson(QJsonDocument::Compact)));
}

void Selection::dropWhatIsGone()
{
    const WorkspaceState &state = m_document.state();
    if (!m_scenario.empty() && !state.scenarios.find(m_scenario))
        setScenario({});
    // Ids are used again: a new scenario must not inherit that an old one was left out.
    std::erase_if(m_left, [&state](const std::string &id) { return !id.empty() && !state.scenarios.find(id); });
    if (!m_reference.empty() && !state.scenarios.find(m_reference))
        setReference({});
    if (!state.unit(m_unit))
        setUnit(state.units.empty() ? std::string() : state.units.front().name);
}

} // namespace perunit
