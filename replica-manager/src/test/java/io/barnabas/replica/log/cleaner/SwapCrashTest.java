// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.log.LogConfig;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process dies between any two renames of a replacement; the next start finds one side whole. */
class SwapCrashTest {
    private static final LogConfig CONFIG =
            CleanerLab.COMPACT.toBuilder().segmentBytes(100_000).build();
    private static final String LOG_NAME = "compacted-0";

    @TempDir
    Path root;

    private record Rename(String from, String to) {}

    @Test
    void everyStepLeavesTheLogWhole() throws IOException {
        Path before = root.resolve("before");
        TreeMap<Long, String> dirty = write(before);
        Path after = root.resolve("after");
        copy(before, after);
        TreeMap<Long, String> clean;
        try (CleanerLab lab = new CleanerLab(CONFIG, after)) {
            lab.replicate();
            lab.clean();
            lab.settle();
            clean = CleanerLab.records(lab.log());
        }
        assertThat(clean).hasSizeLessThan(dirty.size());

        List<Rename> steps = steps(before.resolve(LOG_NAME));
        Set<Integer> whole = new TreeSet<>();
        for (int done = 0; done <= steps.size(); done++) {
            Path crashed = root.resolve("crashed-" + done);
            copy(before, crashed);
            addCleaned(after.resolve(LOG_NAME), crashed.resolve(LOG_NAME));
            for (Rename rename : steps.subList(0, done)) {
                Path from = crashed.resolve(LOG_NAME).resolve(rename.from());
                if (Files.exists(from)) {
                    Files.move(from, crashed.resolve(LOG_NAME).resolve(rename.to()));
                }
            }
            try (CleanerLab lab = new CleanerLab(CONFIG, crashed)) {
                TreeMap<Long, String> found = CleanerLab.records(lab.log());
                assertThat(found).as("after step %d of %s", done, steps).isIn(dirty, clean);
                whole.add(found.size());
                assertThat(leftovers(crashed.resolve(LOG_NAME)))
                        .as("after step %d", done)
                        .isEmpty();
                assertThat(lab.log().logEndOffset()).isEqualTo(31);
            }
        }
        assertThat(whole).as("both sides were met").containsExactly(clean.size(), dirty.size());
    }

    private static TreeMap<Long, String> write(Path dir) {
        try (CleanerLab lab = new CleanerLab(CONFIG, dir)) {
            for (int i = 0; i < 30; i++) {
                lab.append("key" + i % 4, "value" + i);
                if (i % 10 == 9) {
                    lab.roll();
                }
            }
            lab.append("active", "1");
            return CleanerLab.records(lab.log());
        }
    }

    /** The renames in the order in which they are done: segments 0, 10 and 20 become one. */
    private static List<Rename> steps(Path log) throws IOException {
        List<Rename> steps = new ArrayList<>();
        List<String> kinds = List.of(".log", ".index", ".timeindex");
        kinds.forEach(kind -> steps.add(new Rename(name(0) + kind + ".cleaned", name(0) + kind + ".swap")));
        for (long base : List.of(0L, 10L, 20L)) {
            assertThat(log.resolve(name(base) + ".log")).exists();
            kinds.forEach(kind -> steps.add(new Rename(name(base) + kind, name(base) + kind + ".deleted")));
        }
        kinds.forEach(kind -> steps.add(new Rename(name(0) + kind + ".swap", name(0) + kind)));
        return steps;
    }

    private static String name(long base) {
        return String.format("%020d", base);
    }

    private static void addCleaned(Path clean, Path into) throws IOException {
        for (String kind : List.of(".log", ".index", ".timeindex")) {
            Files.copy(clean.resolve(name(0) + kind), into.resolve(name(0) + kind + ".cleaned"));
        }
    }

    private static List<Path> leftovers(Path log) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.filter(file -> file.toString().matches(".*\\.(cleaned|swap)"))
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(dir)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.toString().endsWith(".kafka_cleanshutdown")) {
                    Files.copy(file, to.resolve(from.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
