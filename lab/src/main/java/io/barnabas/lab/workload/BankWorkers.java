// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.workload;

import io.barnabas.lab.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The clerks of the bank, {@link BankWorker} processes that can be killed, paused and started again. Owned by the test's
 * thread.
 */
public final class BankWorkers implements AutoCloseable {
    /** A worker that is silent for longer in a transaction has lost it. */
    public static final int TRANSACTION_TIMEOUT_MS = 10_000;

    private final Path home =
            Path.of(System.getProperty("barnabas.home", "..")).toAbsolutePath().normalize();
    private final String bootstrap;
    private final String transfers;
    private final List<String> ledgers;
    private final String group;
    private final long seed;
    private final Path directory;
    private final List<ChildProcess> workers = new ArrayList<>();
    private final List<Path> outputs = new ArrayList<>();

    /**
     * @param transfers the topic to read
     * @param ledgers the topics to write; an account's number decides which
     * @param seed decides who aborts
     * @param directory their outputs go here
     */
    public BankWorkers(
            String bootstrap, String transfers, List<String> ledgers, String group, long seed, Path directory) {
        this.bootstrap = bootstrap;
        this.transfers = transfers;
        this.ledgers = List.copyOf(ledgers);
        this.group = group;
        this.seed = seed;
        this.directory = directory;
    }

    public BankWorkers start(int count) {
        for (int worker = 0; worker < count; worker++) {
            workers.add(launch(worker));
        }
        return this;
    }

    public int count() {
        return workers.size();
    }

    /** The process of a worker: to pause it, say. */
    public ChildProcess worker(int worker) {
        return workers.get(worker);
    }

    /** {@code kill -9}, and a successor with the same transactional id. */
    public void killAndRestart(int worker) {
        workers.get(worker).kill();
        workers.set(worker, launch(worker));
    }

    /** The transactional id of a worker. */
    public String transactionalId(int worker) {
        return group + "-" + worker;
    }

    /** Attempts that were aborted for certain: nothing of them may be seen. */
    public Set<String> aborted() {
        return said("aborted ");
    }

    /** Attempts whose commit was acknowledged. */
    public Set<String> committed() {
        return said("committed ");
    }

    /** Why workers had to begin anew with fresh clients, each reason once. */
    public Set<String> restarts() {
        return said("restart ");
    }

    private Set<String> said(String what) {
        return outputs.stream()
                .flatMap(output -> lines(output).stream())
                .filter(line -> line.startsWith(what))
                .map(line -> line.substring(what.length()))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Whole lines: the last one of a killed worker may be cut off. */
    private static List<String> lines(Path output) {
        try {
            String text = Files.readString(output);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ChildProcess launch(int worker) {
        String incarnation = worker + "." + outputs.size();
        Path output = directory.resolve("worker-" + incarnation + ".log");
        outputs.add(output);
        return ChildProcess.lab(
                "worker " + incarnation,
                home,
                List.of("-Xmx96m", "-XX:TieredStopAtLevel=1"),
                BankWorker.class,
                List.of(
                        bootstrap,
                        transfers,
                        String.join(",", ledgers),
                        group,
                        transactionalId(worker),
                        incarnation,
                        Long.toString(seed + outputs.size())),
                output);
    }

    @Override
    public void close() {
        workers.forEach(ChildProcess::kill);
    }
}
