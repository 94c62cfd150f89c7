// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/framed_view.h"

#include "app/pages/page_layout.h"
#include "widgets/feedback/empty_state.h"
#include "widgets/text/text.h"

#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace perunit {

FramedView::FramedView(const LedgerContext &context, QWidget *parent)
    : LedgerView(context, parent)
    , m_sides(new QStackedWidget(this))
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_sides);
    m_none = new EmptyState(QStringLiteral("ledger"), {}, m_sides);
    m_filled = new QWidget(m_sides);
    m_sides->addWidget(m_none);
    m_sides->addWidget(m_filled);
    m_inspector = buildScrollingInspector(this, m_inspectorRows);
    m_inspectorTitle = newLabel({}, "section", m_inspectorRows->parentWidget());
    m_inspectorTitle->setWordWrap(true);
    m_inspectorRows->addWidget(m_inspectorTitle);
}

QVBoxLayout *FramedView::scrollingColumn()
{
    auto *rows = new QVBoxLayout(m_filled);
    rows->setContentsMargins(0, 0, 0, 0);
    return buildScrollingColumn(rows);
}

QLabel *FramedView::addInspectorText()
{
    QLabel *text = newLabel({}, "body", m_inspectorRows->parentWidget());
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_inspectorRows->addWidget(text);
    return text;
}

bool FramedView::showFilled(bool isThere, bool isAny, const QString &busy, const QString &nothing)
{
    const auto &problem = document().historyProblem() ? document().historyProblem() : facts().problem();
    const bool nothingImported = document().sources().empty();
    if (!isThere || !isAny)
        m_none->setSentence(nothingImported       ? tr("Nothing is imported yet.")
                            : isThere             ? nothing
                            : problem.has_value() ? tr("This cannot be shown: %1").arg(errorText(*problem))
                                                  : busy);
    m_sides->setCurrentIndex(isThere && isAny ? 1 : 0);
    return isThere && isAny;
}

} // namespace perunit
