// SPDX-License-Identifier: Apache-2.0
package io.barnabas.tools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a local cluster at a glance: processes, the controller, leaders per broker, and what is not in full health. */
@Command(name = "cluster.sh status", mixinStandardHelpOptions = true)
public final class ClusterStatus implements Callable<Integer> {
    private static final int TIMEOUT_MS = 5_000;
    private static final int SHOWN = 10;

    @Option(names = "--bootstrap-server", required = true)
    private String bootstrapServer;

    @Option(names = "--zookeeper", required = true, description = "STATE:PID of the ZooKeeper process")
    private String zooKeeper;

    @Option(names = "--process", description = "BROKER=STATE:PID, once for each broker")
    private Map<Integer, String> processes = new TreeMap<>();

    @Option(names = "--json", description = "one JSON object instead of a table")
    private boolean json;

    /** Exit code 0 when every partition has a leader and a full ISR, 1 otherwise. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new ClusterStatus()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        View view;
        try {
            view = look();
        } catch (ExecutionException | TimeoutException e) {
            view = View.silent(e instanceof TimeoutException ? "no broker answered within 5 s" : cause(e));
        }
        System.out.print(json ? renderJson(view) : render(view));
        return view.healthy() ? 0 : 1;
    }

    private static String cause(Exception e) {
        return e.getCause() == null ? e.toString() : e.getCause().getMessage();
    }

    /** What the cluster says of itself; {@code problem} is null when it answered. */
    private record View(
            String problem, String clusterId, int controller, Map<Integer, int[]> brokers, List<String> unwell) {
        static View silent(String problem) {
            return new View(problem, "", -1, Map.of(), List.of());
        }

        boolean healthy() {
            return problem == null && unwell.isEmpty();
        }
    }

    private View look() throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS / 2);
        try (Admin admin = Admin.create(settings)) {
            var cluster = admin.describeCluster();
            Collection<Node> nodes = cluster.nodes().get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
            Node controller = cluster.controller().get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
            Map<Integer, int[]> counts = new TreeMap<>();
            nodes.forEach(node -> counts.put(node.id(), new int[2]));
            List<String> unwell = new ArrayList<>();
            var names = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
            for (TopicDescription topic : admin.describeTopics(names)
                    .allTopicNames()
                    .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .values()) {
                topic.partitions().forEach(partition -> count(topic.name(), partition, counts, unwell));
            }
            return new View(
                    null,
                    cluster.clusterId().get(),
                    controller == null ? -1 : controller.id(),
                    counts,
                    List.copyOf(unwell));
        }
    }

    private static void count(
            String topic, TopicPartitionInfo partition, Map<Integer, int[]> counts, List<String> unwell) {
        for (Node replica : partition.replicas()) {
            counts.computeIfAbsent(replica.id(), id -> new int[2])[1]++;
        }
        String name = topic + "-" + partition.partition();
        if (partition.leader() == null || partition.leader().isEmpty()) {
            unwell.add(name + " has no leader");
            return;
        }
        counts.computeIfAbsent(partition.leader().id(), id -> new int[2])[0]++;
        if (partition.isr().size() < partition.replicas().size()) {
            unwell.add(name + " is under-replicated: ISR "
                    + partition.isr().stream().map(Node::id).toList() + " of "
                    + partition.replicas().stream().map(Node::id).toList());
        }
    }

    private String render(View view) {
        StringBuilder out = new StringBuilder();
        out.append(
                String.format("%-11s %-9s %-9s %-11s %8s %9s%n", "", "process", "state", "role", "leads", "replicas"));
        out.append(String.format("%-11s %-9s %-9s%n", "zookeeper", pid(zooKeeper), state(zooKeeper)));
        processes.forEach((id, process) -> {
            int[] counts = view.brokers().get(id);
            out.append(String.format(
                    "%-11s %-9s %-9s %-11s %8s %9s%n",
                    "broker " + id,
                    pid(process),
                    state(process),
                    view.controller() == id ? "controller" : "",
                    counts == null ? "-" : counts[0],
                    counts == null ? "-" : counts[1]));
        });
        if (view.problem() != null) {
            out.append("The cluster does not answer: ").append(view.problem()).append('\n');
        } else if (view.unwell().isEmpty()) {
            out.append("Every partition has a leader and a full ISR.\n");
        } else {
            out.append(view.unwell().size()).append(" partitions are not in full health:\n");
            view.unwell().stream()
                    .limit(SHOWN)
                    .forEach(line -> out.append("  ").append(line).append('\n'));
            if (view.unwell().size() > SHOWN) {
                out.append("  … and ").append(view.unwell().size() - SHOWN).append(" more\n");
            }
        }
        return out.toString();
    }

    private String renderJson(View view) {
        StringBuilder out = new StringBuilder("{\"zookeeper\":").append(processJson(zooKeeper));
        out.append(",\"clusterId\":\"")
                .append(view.clusterId())
                .append("\",\"controller\":")
                .append(view.controller());
        out.append(",\"brokers\":{");
        String separator = "";
        for (Map.Entry<Integer, String> entry : processes.entrySet()) {
            int[] counts = view.brokers().getOrDefault(entry.getKey(), new int[2]);
            out.append(separator).append('"').append(entry.getKey()).append("\":");
            out.append(processJson(entry.getValue())).deleteCharAt(out.length() - 1);
            out.append(",\"leads\":")
                    .append(counts[0])
                    .append(",\"replicas\":")
                    .append(counts[1])
                    .append('}');
            separator = ",";
        }
        out.append("},\"unwell\":[");
        separator = "";
        for (String line : view.unwell()) {
            out.append(separator).append('"').append(line).append('"');
            separator = ",";
        }
        return out.append("],\"answers\":")
                .append(view.problem() == null)
                .append("}\n")
                .toString();
    }

    private static String processJson(String process) {
        return "{\"state\":\"" + state(process) + "\",\"pid\":" + process.substring(process.indexOf(':') + 1) + "}";
    }

    private static String state(String process) {
        return process.substring(0, process.indexOf(':'));
    }

    private static String pid(String process) {
        String pid = process.substring(process.indexOf(':') + 1);
        return pid.equals("0") ? "-" : pid;
    }
}
