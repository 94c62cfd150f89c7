// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/import_persons.h"

#include "app/pages/page_layout.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace perunit {

namespace {

constexpr QLatin1String notHashed("plain");
constexpr QLatin1String hashed("hashed");

} // namespace

ImportPersonsCard::ImportPersonsCard(QWidget *parent)
    : Card(tr("Persons"), parent)
{
    hide();
}

void ImportPersonsCard::setPersons(const std::vector<PersonColumn> &persons)
{
    setVisible(!persons.empty());
    if (persons == m_persons && m_lines)
        return;
    m_persons = persons;
    m_lines = new QWidget(this);
    m_layout = new QVBoxLayout(m_lines);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(Theme::space2);
    QLabel *help = newLabel(tr("A token stands for the same person in all files of this workspace and in no other; who "
                               "it is cannot be found out from it. With tokens, cost per active user can be counted."),
                            "caption", m_lines);
    help->setWordWrap(true);
    m_layout->addWidget(help);
    for (const PersonColumn &person : m_persons)
        addColumn(person);
    setContent(m_lines);
}

void ImportPersonsCard::addColumn(const PersonColumn &person)
{
    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::space3);
    QLabel *name = newLabel(toQt(person.name), "body", m_lines);
    auto *fate = new SegmentedSwitch(tr("What becomes of %1").arg(toQt(person.name)), m_lines);
    if (person.fate == PersonColumn::Fate::Kept)
        fate->addOption(notHashed, tr("Keep as it is"), {}, tr("The file calls its customers by it"));
    else
        fate->addOption(notHashed, tr("Drop"), {}, tr("Nothing of the column is stored"));
    fate->addOption(hashed, tr("Keep hashed"), {}, tr("An opaque token stands for each person"));
    fate->setCurrent(person.fate == PersonColumn::Fate::Hashed ? hashed : notHashed);
    connect(fate, &SegmentedSwitch::currentChanged, this,
            [this, column = person.name](const QString &choice) { choose(column, choice == hashed); });
    line->addWidget(name);
    line->addStretch(1);
    line->addWidget(fate);
    m_layout->addLayout(line);
}

void ImportPersonsCard::choose(const std::string &column, bool wanted)
{
    std::vector<std::string> columns;
    for (PersonColumn &person : m_persons) {
        if (person.name == column)
            person.fate = wanted ? PersonColumn::Fate::Hashed : PersonColumn::Fate::Dropped;
        if (person.fate == PersonColumn::Fate::Hashed)
            columns.push_back(person.name);
    }
    emit hashedChosen(columns);
}

} // namespace perunit
