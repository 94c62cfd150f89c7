// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/scope_edit.h"

#include "widgets/inputs/check_list_model.h"
#include "widgets/inputs/flow_layout.h"
#include "widgets/inputs/value_picker.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

#include <algorithm>
#include <array>
#include <string_view>

namespace perunit {

namespace {

/// What people limit by most often comes first.
constexpr std::array<std::string_view, 15> usualOrder{
    "workload", "environment", "model", "provider",        "team",   "feature", "customer", "service",
    "region",   "deployment",  "tier",  "prompt_template", "status", "session", "document"};

std::size_t rankOf(const std::string &dimension)
{
    return static_cast<std::size_t>(std::find(usualOrder.begin(), usualOrder.end(), dimension) - usualOrder.begin());
}

QString chipText(const std::string &dimension, const std::vector<std::string> &values)
{
    const QString first = values.empty() ? QString() : scopeValueLabel(values.front());
    const QString shown = QFontMetrics(Theme::font(Theme::TextRole::Caption)).elidedText(first, Qt::ElideMiddle, 150);
    const QString more = values.size() > 1 ? QStringLiteral(" +%1").arg(values.size() - 1) : QString();
    return dimensionLabel(dimension) + QStringLiteral(": ") + shown + more;
}

} // namespace

QString dimensionLabel(const std::string &dimension)
{
    constexpr std::string_view tag = "tag:";
    if (dimension.starts_with(tag))
        return ScopeEdit::tr("Tag %1").arg(toQt(dimension.substr(tag.size())));
    QString label = toQt(dimension);
    label.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!label.isEmpty())
        label[0] = label[0].toUpper();
    return label;
}

ScopeEdit::ScopeEdit(QWidget *parent)
    : QWidget(parent)
    , m_flow(new FlowLayout(this))
{
    setAccessibleName(tr("Scope"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    rebuild();
}

void ScopeEdit::setValues(const ScopeValues &values)
{
    if (values == m_values)
        return;
    m_values = values;
    rebuild();
}

void ScopeEdit::setScope(const Scope &scope)
{
    if (scope == m_scope)
        return;
    m_scope = scope;
    rebuild();
}

void ScopeEdit::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    rebuild();
}

void ScopeEdit::rebuild()
{
    while (QLayoutItem *item = m_flow->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // one of them may be the sender
        delete item;
    }
    if (m_scope.isEverything()) {
        auto *everything = new QLabel(tr("Everything"), this);
        everything->setProperty("role", "chip");
        everything->setMinimumHeight(24);
        m_flow->addWidget(everything);
    }
    for (const auto &[dimension, values] : m_scope.conditions)
        addChip(dimension, values);
    m_add = nullptr;
    const bool more = std::any_of(m_values.begin(), m_values.end(),
                                  [this](const auto &each) { return !m_scope.conditions.contains(each.first); });
    if (!m_readOnly && more) {
        m_add = new QToolButton(this);
        m_add->setAutoRaise(true);
        m_add->setFont(Theme::font(Theme::TextRole::Caption));
        m_add->setText(m_scope.isEverything() ? tr("Limit to…") : tr("and…"));
        m_add->setToolButtonStyle(Qt::ToolButtonTextOnly);
        m_add->setAccessibleName(tr("Limit the scope to values of a dimension"));
        m_add->setToolTip(tr("Limit to some workloads, models, teams…"));
        m_add->setMaximumHeight(24);
        connect(m_add, &QToolButton::clicked, this, &ScopeEdit::showDimensionMenu);
        m_flow->addWidget(m_add);
    }
    updateGeometry();
}

void ScopeEdit::addChip(const std::string &dimension, const std::vector<std::string> &values)
{
    auto *chip = new QWidget(this);
    auto *row = new QHBoxLayout(chip);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(1);
    auto *button = new QToolButton(chip);
    button->setProperty("role", "chipButton");
    button->setFont(Theme::font(Theme::TextRole::Caption));
    button->setText(chipText(dimension, values));
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    QStringList all;
    for (const std::string &value : values)
        all << scopeValueLabel(value);
    button->setToolTip(dimensionLabel(dimension) + QStringLiteral(": ") + all.join(QStringLiteral(", ")));
    button->setAccessibleName(tr("Scope, %1").arg(button->toolTip()));
    button->setEnabled(!m_readOnly);
    connect(button, &QToolButton::clicked, this, [this, dimension, button] { pickValues(dimension, button); });
    row->addWidget(button);
    if (!m_readOnly) {
        auto *remove = new QToolButton(chip);
        remove->setProperty("role", "chipButton");
        remove->setIcon(themedIcon(QStringLiteral("close")));
        remove->setIconSize({10, 10});
        remove->setToolTip(tr("No limit by %1").arg(dimensionLabel(dimension)));
        remove->setAccessibleName(remove->toolTip());
        connect(remove, &QToolButton::clicked, this, [this, dimension] {
            Scope next = m_scope;
            next.conditions.erase(dimension);
            replace(next);
        });
        row->addWidget(remove);
    }
    m_flow->addWidget(chip);
}

void ScopeEdit::showDimensionMenu()
{
    std::vector<std::string> dimensions;
    for (const auto &[dimension, values] : m_values) {
        if (!m_scope.conditions.contains(dimension) && !values.empty())
            dimensions.push_back(dimension);
    }
    std::stable_sort(dimensions.begin(), dimensions.end(),
                     [](const std::string &a, const std::string &b) { return rankOf(a) < rankOf(b); });
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const std::string &dimension : dimensions) {
        const auto count = m_values.at(dimension).size();
        const QString label = count == 1 ? tr("%1 (1 value)").arg(dimensionLabel(dimension))
                                         : tr("%1 (%L2 values)").arg(dimensionLabel(dimension)).arg(count);
        menu->addAction(label, this,
                        [this, dimension] { pickValues(dimension, m_add ? static_cast<QWidget *>(m_add) : this); });
    }
    menu->popup(m_add->mapToGlobal(QPoint(0, m_add->height())));
}

void ScopeEdit::pickValues(const std::string &dimension, QWidget *anchor)
{
    const auto known = m_values.find(dimension);
    const auto limited = m_scope.conditions.find(dimension);
    const std::vector<std::string> before =
        limited == m_scope.conditions.end() ? std::vector<std::string>() : limited->second;
    auto *picker = new ValuePicker(
        dimensionLabel(dimension),
        known == m_values.end() ? std::vector<std::pair<std::string, QString>>() : known->second, before, this);
    connect(picker, &ValuePicker::closed, this, [this, picker, dimension](bool accepted) {
        picker->deleteLater();
        if (!accepted)
            return;
        Scope next = m_scope;
        const std::vector<std::string> values = picker->chosen();
        if (values.empty())
            next.conditions.erase(dimension);
        else
            next.conditions[dimension] = values;
        replace(next);
    });
    picker->openAt(anchor);
}

void ScopeEdit::replace(const Scope &scope)
{
    if (scope == m_scope)
        return;
    m_scope = scope;
    rebuild();
    emit scopeEdited(m_scope);
}

} // namespace perunit
