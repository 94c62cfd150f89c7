// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QButtonGroup;
class QComboBox;
class QHBoxLayout;
class QToolButton;

namespace perunit {

/// Two to six views of the same thing side by side, exactly one chosen. Where they have no room beside each other, a
/// list stands in for them.
class SegmentedSwitch : public QWidget
{
    Q_OBJECT
public:
    /// `name` is the accessible name of the whole: "Picture".
    explicit SegmentedSwitch(const QString &name, QWidget *parent = nullptr);

    /// Appends an option; the first one becomes current. `icon` is a name of the icon set and may be empty.
    void addOption(const QString &id, const QString &text, const QString &icon = {}, const QString &toolTip = {});
    void clear();
    [[nodiscard]] QString current() const;
    /// Chooses without emitting; an unknown id changes nothing.
    void setCurrent(const QString &id);
    void setOptionEnabled(const QString &id, bool enabled);
    /// True while the list stands in for the buttons.
    [[nodiscard]] bool isList() const { return m_isList; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    /// The user chose another option.
    void currentChanged(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Option {
        QString id;
        QToolButton *button = nullptr;
    };
    void chosen(const QString &id);
    void fit();

    QHBoxLayout *m_layout = nullptr;
    QButtonGroup *m_group = nullptr;
    QComboBox *m_list = nullptr;
    bool m_isList = false;
    std::vector<Option> m_options;
    QString m_current;
};

} // namespace perunit
