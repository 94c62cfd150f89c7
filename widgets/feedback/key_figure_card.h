// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>

#include <cstdint>
#include <vector>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace perunit {

class Sparkline;

/// Which way a difference goes for the reader.
enum class DeltaTone : std::uint8_t { None, Favourable, Unfavourable, Neutral };

/// A number as the hero, with what explains it.
struct KeyFigure {
    QString label;  ///< "Cost per conversation"
    QString value;  ///< "$0.0412"; "–" when unknown
    QString former; ///< the baseline's value, shown ghosted beside it; may be empty
    QString delta;  ///< "−8.1 %" with its sign; may be empty
    DeltaTone tone = DeltaTone::None;
    bool deltaRises = false;   ///< the arrow: ▲ when true, ▼ otherwise; None and Neutral draw none
    std::vector<double> trend; ///< small picture; NaN is a gap; empty: none
    QString sentence;          ///< what it means, in words
    QString toolTip;           ///< formula, source, as of
    QString action;            ///< text of the link; may be empty
};

/// Shows one key figure.
class KeyFigureCard : public QFrame
{
    Q_OBJECT
public:
    explicit KeyFigureCard(QWidget *parent = nullptr);

    void setFigure(const KeyFigure &figure);
    [[nodiscard]] const KeyFigure &figure() const { return m_figure; }
    /// While results are older than the state, the value is drawn in secondary text.
    void setStale(bool stale);

signals:
    /// The link was used, or the card itself was clicked or activated with Enter while it has one.
    void activated();

protected:
    void mouseReleaseEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();
    void fitChange(int room);
    void fitValue(int room);

    KeyFigure m_figure;
    QLabel *m_label = nullptr;
    QLabel *m_value = nullptr;
    QLabel *m_former = nullptr;
    QLabel *m_delta = nullptr;
    QBoxLayout *m_change = nullptr; ///< delta and former value, one below the other where the card is narrow
    Sparkline *m_trend = nullptr;
    QLabel *m_sentence = nullptr;
    QPushButton *m_action = nullptr;
};

} // namespace perunit
