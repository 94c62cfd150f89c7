// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/overlap.h"
#include "widgets/feedback/card.h"

#include <QString>

#include <vector>

class QLabel;

namespace perunit {

class SegmentedSwitch;

/// What a file has in common with what is there already, and what to do about it. Hidden when there is nothing.
class ImportOverlapCard : public Card
{
    Q_OBJECT
public:
    static constexpr QLatin1String replaceAnswer{"replace"};
    static constexpr QLatin1String skipAnswer{"skip"};
    static constexpr QLatin1String keepAnswer{"keep"};

    explicit ImportOverlapCard(QWidget *parent = nullptr);

    /// Shows overlaps and what was said about them; an empty answer is none yet.
    void setOverlaps(const std::vector<Overlap> &overlaps, const QString &answer);

signals:
    /// One of the answers, or an empty text.
    void answered(const QString &answer);

private:
    QLabel *m_text = nullptr;
    SegmentedSwitch *m_answer = nullptr;
};

} // namespace perunit
