// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One child JVM with its output in a file. Dies with this JVM at the latest, by a shutdown hook, so that a failed
 * test leaves nothing behind. Owned by the test's thread.
 */
public final class ChildProcess {
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "children-reaper"));
    }

    private final String name;
    private final Process process;
    private final Path output;

    private ChildProcess(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a JVM of the running JDK.
     *
     * @param name for messages
     * @param jvmAndArguments JVM options, main class and arguments
     * @param output what it prints is appended here
     */
    public static ChildProcess java(String name, List<String> jvmAndArguments, Path output) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmAndArguments);
        return start(name, command, output);
    }

    /**
     * Starts one of the lab's own programs, with the plain collector and the lab's logging.
     *
     * @param home the project's
     * @param jvmOptions its heap, and what else differs
     */
    public static ChildProcess lab(
            String name, Path home, List<String> jvmOptions, Class<?> program, List<String> arguments, Path output) {
        List<String> command = new ArrayList<>(jvmOptions);
        command.add("-XX:+UseSerialGC");
        command.add("-Dlog4j2.configurationFile=" + ChildProcess.class.getResource("/lab-tools-log4j2.properties"));
        command.add("-cp");
        command.add(home.resolve("lab/target/classes") + ":" + home.resolve("tools/target/libs") + "/*");
        command.add(program.getName());
        command.addAll(arguments);
        return java(name, command, output);
    }

    /** Starts any program. */
    public static ChildProcess start(String name, List<String> command, Path output) {
        try {
            Files.createDirectories(output.getParent());
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            ALIVE.add(process);
            process.onExit().thenRun(() -> ALIVE.remove(process));
            return new ChildProcess(name, process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not be started", e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Writes a line to its standard input.
     *
     * @throws UncheckedIOException when it has ended
     */
    public void tell(String line) {
        try {
            OutputStream input = process.getOutputStream();
            input.write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " has ended:\n" + tail(30), e);
        }
    }

    /** Ends its standard input, and waits for it to end by itself; the exit code is {@link #await}'s. */
    public int endInput(int seconds) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // it has ended already
        }
        return await(seconds);
    }

    /** {@code kill -9}; returns when the process is gone. */
    public void kill() {
        process.destroyForcibly();
        await(10);
    }

    /** SIGSTOP: the kernel keeps its connections, it answers nothing. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    /** SIGTERM, and the exit code; killed when it has not stopped in time. */
    public int terminate(int seconds) {
        signal("TERM");
        return await(seconds);
    }

    /** The exit code; -1 when it had to be killed after the given time. */
    public int await(int seconds) {
        try {
            if (process.waitFor(seconds, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            process.destroyForcibly().waitFor();
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            return -1;
        }
    }

    /** The last lines it printed, for a failure's message. */
    public String tail(int lines) {
        try (Stream<String> all = Files.lines(output)) {
            List<String> kept = all.toList();
            return String.join("\n", kept.subList(Math.max(0, kept.size() - lines), kept.size()));
        } catch (IOException e) {
            return "(" + output + " cannot be read)";
        }
    }

    public Path output() {
        return output;
    }

    private void signal(String signal) {
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0 && process.isAlive()) {
                throw new IllegalStateException("SIG" + signal + " to " + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
