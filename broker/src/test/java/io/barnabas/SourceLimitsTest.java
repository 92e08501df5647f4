// SPDX-License-Identifier: Apache-2.0
package io.barnabas;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Sizes of the main code, at what has been reached: they may be lowered, never raised. A method, a package or a list of
 * parameters that outgrows its limit has more than one job.
 */
class SourceLimitsTest {
    private static final List<String> MODULES =
            List.of("coordination", "replica-manager", "group-coordinator", "broker");

    private static final int MOST_CLASSES_IN_A_PACKAGE = 40;
    private static final int LONGEST_METHOD_LINES = 46;
    private static final int MOST_PARAMETERS = 8;
    private static final int MOST_SYNCHRONIZED_IN_REPLICA_MANAGER = 130;
    private static final int MOST_VOLATILE_IN_REPLICA_MANAGER = 56;

    /** The one class that reads the system's clock and makes threads, and what Netty makes for its event loops. */
    private static final List<String> MACHINE = List.of("Platform.java");

    private static final Pattern OF_THE_MACHINE = Pattern.compile(
            "System(\\.|::)nanoTime|System(\\.|::)currentTimeMillis|Clock\\.system|Instant\\.now|new SecureRandom"
                    + "|new Random\\(|ThreadLocalRandom|UUID(\\.|::)randomUUID|Uuid(\\.|::)randomUuid|new Thread\\(");

    private static final List<Source> SOURCES = new ArrayList<>();

    /** A file of main code. */
    private record Source(String module, Path file, String text) {
        String name() {
            return file.getFileName().toString();
        }
    }

    /** A method or constructor. */
    private record Method(String where, long lines, int parameters, boolean canonical, boolean silent) {}

    @BeforeAll
    static void read() throws IOException {
        for (String module : MODULES) {
            Path main = Path.of("..", module, "src", "main", "java");
            try (Stream<Path> files = Files.walk(main)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .sorted()
                        .forEach(file -> SOURCES.add(new Source(module, file, text(file))));
            }
        }
        assertThat(SOURCES).hasSizeGreaterThan(500);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void packagesStaySmall() {
        Map<String, Long> sizes = SOURCES.stream()
                .filter(source -> !source.name().equals("package-info.java"))
                .collect(Collectors.groupingBy(
                        source -> source.file().getParent().toString(), TreeMap::new, Collectors.counting()));
        sizes.values().removeIf(size -> size <= MOST_CLASSES_IN_A_PACKAGE);
        assertThat(sizes)
                .as("packages with more than %d classes", MOST_CLASSES_IN_A_PACKAGE)
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        List<String> silent = SOURCES.stream()
                .map(source -> source.file().getParent())
                .distinct()
                .filter(directory -> !Files.exists(directory.resolve("package-info.java")))
                .map(Path::toString)
                .toList();
        assertThat(silent).isEmpty();
    }

    @Test
    void everyNameMeansOneClass() {
        Map<String, Long> uses = SOURCES.stream()
                .map(Source::name)
                .filter(name -> !name.equals("package-info.java"))
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
        uses.values().removeIf(times -> times == 1);
        assertThat(uses).as("names of more than one class").isEmpty();
    }

    @Test
    void methodsStayShortAndTakeFewParameters() throws IOException {
        List<Method> methods = methods();
        assertThat(methods).hasSizeGreaterThan(3_000);
        assertThat(methods.stream()
                        .filter(method -> method.lines() > LONGEST_METHOD_LINES)
                        .sorted(Comparator.comparing(Method::lines)))
                .as("methods of more than %d lines", LONGEST_METHOD_LINES)
                .isEmpty();
        assertThat(methods.stream().filter(method -> method.parameters() > MOST_PARAMETERS && !method.canonical()))
                .as("methods of more than %d parameters", MOST_PARAMETERS)
                .isEmpty();
    }

    @Test
    void publicMethodsSayWhatTheyAreFor() throws IOException {
        assertThat(methods().stream().filter(Method::silent))
                .as("public methods without Javadoc")
                .isEmpty();
    }

    @Test
    void onlyThePlatformTakesTimeChanceAndThreadsFromTheMachine() {
        List<String> found = SOURCES.stream()
                .filter(source -> !MACHINE.contains(source.name()))
                .flatMap(source -> source.text()
                        .lines()
                        .filter(line -> !line.strip().startsWith("*"))
                        .filter(line -> OF_THE_MACHINE.matcher(line).find())
                        .map(line -> source.name() + ": " + line.strip()))
                .toList();
        assertThat(found).isEmpty();
    }

    @Test
    void replicaManagerGainsNoLocks() {
        assertThat(count("replica-manager", Pattern.compile("\\bsynchronized\\b")))
                .isLessThanOrEqualTo(MOST_SYNCHRONIZED_IN_REPLICA_MANAGER);
        assertThat(count("replica-manager", Pattern.compile("\\bvolatile\\b")))
                .isLessThanOrEqualTo(MOST_VOLATILE_IN_REPLICA_MANAGER);
    }

    private static long count(String module, Pattern word) {
        return SOURCES.stream()
                .filter(source -> source.module().equals(module))
                .flatMap(source -> source.text().lines())
                .filter(line -> !line.strip().startsWith("*") && !line.strip().startsWith("/"))
                .filter(line -> word.matcher(line).find())
                .count();
    }

    private static List<Method> methods() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Method> methods = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(
                            SOURCES.stream().map(Source::file).toList()));
            Trees trees = Trees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Measure(unit, trees, methods).scan(unit, null);
            }
        }
        return methods;
    }

    /** Measures the methods of one file. */
    private static final class Measure extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final Trees trees;
        private final SourcePositions positions;
        private final List<Method> methods;

        Measure(CompilationUnitTree unit, Trees trees, List<Method> methods) {
            this.unit = unit;
            this.trees = trees;
            this.positions = trees.getSourcePositions();
            this.methods = methods;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            LineMap lines = unit.getLineMap();
            long from = lines.getLineNumber(positions.getStartPosition(unit, method));
            long to = lines.getLineNumber(Math.max(0, positions.getEndPosition(unit, method)));
            ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            boolean canonical =
                    owner.getKind() == ClassTree.Kind.RECORD && method.getName().contentEquals("<init>");
            String file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
            methods.add(new Method(
                    file + "#" + method.getName() + ":" + from,
                    to - from + 1,
                    method.getParameters().size(),
                    canonical,
                    isSilent(owner, method)));
            return super.visitMethod(method, null);
        }

        /** Whether a method others call has no Javadoc: its own, or that of what it overrides. */
        private boolean isSilent(ClassTree owner, MethodTree method) {
            boolean isPublic = method.getModifiers().getFlags().contains(Modifier.PUBLIC)
                    || (owner.getKind() == Tree.Kind.INTERFACE
                            && !method.getModifiers().getFlags().contains(Modifier.PRIVATE));
            boolean ownerIsPublic = owner.getModifiers().getFlags().contains(Modifier.PUBLIC);
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            boolean isConstructor = method.getName().contentEquals("<init>");
            return isPublic
                    && ownerIsPublic
                    && !overrides
                    && !isConstructor
                    && trees.getDocComment(getCurrentPath()) == null;
        }
    }
}
