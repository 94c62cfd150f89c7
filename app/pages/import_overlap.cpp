// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/import_overlap.h"

#include "app/pages/page_layout.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/text/text.h"

#include <QLabel>

namespace perunit {

namespace {

constexpr QLatin1String noAnswer("none");

} // namespace

ImportOverlapCard::ImportOverlapCard(QWidget *parent)
    : Card(tr("The same money may be there already"), parent)
{
    m_text = newLabel({}, "body", this);
    m_text->setWordWrap(true);
    m_answer = new SegmentedSwitch(tr("What to do about it"), this);
    m_answer->addOption(noAnswer, tr("Not decided"));
    m_answer->addOption(replaceAnswer, tr("Replace the earlier"));
    m_answer->addOption(skipAnswer, tr("Leave this one out"));
    m_answer->addOption(keepAnswer, tr("Keep both"));
    connect(m_answer, &SegmentedSwitch::currentChanged, this,
            [this](const QString &answer) { emit answered(answer == noAnswer ? QString() : answer); });
    addControl(m_answer);
    setContent(m_text);
    hide();
}

void ImportOverlapCard::setOverlaps(const std::vector<Overlap> &overlaps, const QString &answer)
{
    QStringList lines;
    bool ask = false;
    CostTotal known;
    CostTotal fresh;
    for (const Overlap &overlap : overlaps) {
        if (!overlap.exists())
            continue;
        lines << toQt(overlap.text());
        ask = ask || overlap.needsAnswer();
        if (overlap.known.wholeCost)
            known = known.value_or(Money()) + *overlap.known.wholeCost;
        fresh = overlap.fresh.wholeCost;
    }
    setVisible(!lines.isEmpty());
    m_answer->setVisible(ask);
    if (lines.isEmpty())
        return;
    if (ask && (known || fresh)) {
        const auto amount = [](const CostTotal &cost) {
            return cost ? toQt(cost->text()) : tr("unknown");
        };
        const CostTotal both = known && fresh ? CostTotal(*known + *fresh) : known ? known : fresh;
        lines
            << tr("Together they cost %1 when this file replaces the earlier one, %2 when it is left out, %3 when both "
                  "are kept.")
                   .arg(amount(fresh), amount(known), amount(both));
    }
    m_text->setText(lines.join(QLatin1Char('\n')));
    m_answer->setCurrent(answer.isEmpty() ? QString(noAnswer) : answer);
}

} // namespace perunit
