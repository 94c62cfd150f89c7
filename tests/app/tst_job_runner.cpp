// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/jobs/job_runner.h"

#include <QSemaphore>
#include <QTest>

using namespace perunit;

class TestJobRunner : public QObject
{
    Q_OBJECT

private slots:
    void resultArrivesOnTheOwnersThread()
    {
        JobRunner runner;
        QThread *delivered = nullptr;
        QThread *worked = nullptr;
        runner.start([&](const std::stop_token &) -> JobRunner::Delivery {
            worked = QThread::currentThread();
            return [&] {
                delivered = QThread::currentThread();
            };
        });
        QVERIFY(runner.isBusy());
        QTRY_COMPARE(delivered, QThread::currentThread());
        QVERIFY(worked != delivered);
        QVERIFY(!runner.isBusy());
    }

    void newestWinsAndTheOtherIsAskedToStop()
    {
        JobRunner runner;
        QSemaphore started;
        bool stopped = false;
        bool firstDelivered = false;
        bool secondDelivered = false;
        runner.start([&](const std::stop_token &stop) -> JobRunner::Delivery {
            started.release();
            while (!stop.stop_requested())
                std::this_thread::yield();
            stopped = true;
            return [&] {
                firstDelivered = true;
            };
        });
        started.acquire();
        runner.start([&](const std::stop_token &) -> JobRunner::Delivery {
            return [&] {
                secondDelivered = true;
            };
        });
        QTRY_VERIFY(secondDelivered);
        QVERIFY(stopped);
        QVERIFY(!firstDelivered);
    }

    void followingLetsTheRunningOneFinish()
    {
        JobRunner runner;
        QSemaphore started;
        QSemaphore go;
        QStringList delivered;
        runner.start([&](const std::stop_token &) -> JobRunner::Delivery {
            started.release();
            go.acquire();
            return [&] {
                delivered << "first";
            };
        });
        started.acquire();
        for (const char *name : {"second", "third"}) {
            runner.start(
                [&, name](const std::stop_token &) -> JobRunner::Delivery {
                    return [&, name] {
                        delivered << name;
                    };
                },
                JobRunner::IfRunning::LetFinish);
        }
        go.release();
        QTRY_VERIFY(!runner.isBusy());
        QVERIFY(delivered.last() == "third");
        // A waiting job is replaced; the running one may be overtaken by a newer result but is never stopped.
        QVERIFY(!delivered.contains("second"));
    }

    void cancelDeliversNothing()
    {
        JobRunner runner;
        QSemaphore started;
        bool delivered = false;
        runner.start([&](const std::stop_token &stop) -> JobRunner::Delivery {
            started.release();
            while (!stop.stop_requested())
                std::this_thread::yield();
            return [&] {
                delivered = true;
            };
        });
        started.acquire();
        runner.cancel();
        QVERIFY(!runner.isBusy());
        bool next = false;
        runner.start([&](const std::stop_token &) -> JobRunner::Delivery {
            return [&] {
                next = true;
            };
        });
        QTRY_VERIFY(next);
        QVERIFY(!delivered);
    }

    void requestedStopStillDelivers()
    {
        JobRunner runner;
        QSemaphore started;
        bool delivered = false;
        runner.start([&](const std::stop_token &stop) -> JobRunner::Delivery {
            started.release();
            while (!stop.stop_requested())
                std::this_thread::yield();
            return [&] {
                delivered = true;
            };
        });
        started.acquire();
        runner.requestStop();
        QTRY_VERIFY(delivered);
    }

    void destructionWaitsForTheJob()
    {
        QSemaphore started;
        bool ended = false;
        {
            JobRunner runner;
            runner.start([&](const std::stop_token &stop) -> JobRunner::Delivery {
                started.release();
                while (!stop.stop_requested())
                    std::this_thread::yield();
                ended = true;
                return {};
            });
            started.acquire();
        }
        QVERIFY(ended);
    }
};

QTEST_GUILESS_MAIN(TestJobRunner)
#include "tst_job_runner.moc"
