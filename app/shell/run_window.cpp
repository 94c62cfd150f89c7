// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/run_window.h"

#include "app/shell/main_window.h"

#include <QApplication>
#include <QFile>
#include <QFileInfo>
#include <QTimer>

#include <cstdio>

namespace perunit {

namespace {

/// Qt ends the program with a core dump when there is no display; people deserve a sentence instead.
bool displayMissing()
{
    for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
        if (!qEnvironmentVariableIsEmpty(name))
            return false;
    }
    return true;
}

} // namespace

int runWindow(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i) {
        if (argv[i][0] == '-') {
            std::fprintf(stderr, "perunit: unknown option '%s'; see perunit --help\n", argv[i]);
            return 2;
        }
        if (!QFileInfo::exists(QFile::decodeName(argv[i]))) {
            std::fprintf(stderr, "perunit: there is no command and no file '%s'; see perunit --help\n", argv[i]);
            return 2;
        }
    }
    if (displayMissing()) {
        std::fprintf(stderr,
                     "perunit: there is no display to open the window on; the commands of 'perunit --help' need "
                     "none\n");
        return 1;
    }
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("perunit"));
    QApplication::setApplicationDisplayName(QStringLiteral("Perunit"));
    QApplication::setApplicationVersion(QStringLiteral(PERUNIT_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("perunit"));

    MainWindow window;
    window.show();
    const QStringList files = QApplication::arguments().mid(1);
    // After the first frame, so that the window stands before a large file is read.
    QTimer::singleShot(0, &window, [&window, files] { window.start(files); });
    return QApplication::exec();
}

} // namespace perunit
