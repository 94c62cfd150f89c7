// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/importer.h"
#include "widgets/feedback/card.h"

#include <string>
#include <vector>

class QLabel;
class QVBoxLayout;

namespace perunit {

/// What becomes of the columns of a file that name persons: each with the choice between nothing and opaque tokens.
/// Hidden for files without such columns.
class ImportPersonsCard : public Card
{
    Q_OBJECT
public:
    explicit ImportPersonsCard(QWidget *parent = nullptr);

    void setPersons(const std::vector<PersonColumn> &persons);

signals:
    /// The user chose which columns are hashed: all of them, by header name.
    void hashedChosen(const std::vector<std::string> &columns);

private:
    void addColumn(const PersonColumn &person);
    void choose(const std::string &column, bool hashed);

    std::vector<PersonColumn> m_persons;
    QWidget *m_lines = nullptr;
    QVBoxLayout *m_layout = nullptr;
};

} // namespace perunit
