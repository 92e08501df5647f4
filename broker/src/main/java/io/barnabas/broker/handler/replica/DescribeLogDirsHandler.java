// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.replica;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.replica.LogDirResult;
import io.barnabas.replica.ReplicaControl;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;

/** DescribeLogDirs: what is where on this broker's disks. Sizes are read from the disk, off the event loop. */
final class DescribeLogDirsHandler implements RequestHandler<DescribeLogDirsRequest> {
    private final ReplicaControl replicas;
    private final Executor disk;

    DescribeLogDirsHandler(ReplicaControl replicas, Executor disk) {
        this.replicas = replicas;
        this.disk = disk;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_LOG_DIRS;
    }

    @Override
    public CompletionStage<DescribeLogDirsResponse> handle(DescribeLogDirsRequest request, RequestContext context) {
        Optional<Set<TopicPartition>> asked = askedPartitions(request);
        return CompletableFuture.supplyAsync(() -> responseOf(replicas.describeLogDirs(asked)), disk);
    }

    private static Optional<Set<TopicPartition>> askedPartitions(DescribeLogDirsRequest request) {
        if (request.isAllTopicPartitions()) {
            return Optional.empty();
        }
        Set<TopicPartition> partitions = new HashSet<>();
        for (DescribableLogDirTopic topic : request.data().topics()) {
            topic.partitions().forEach(index -> partitions.add(new TopicPartition(topic.topic(), index)));
        }
        return Optional.of(partitions);
    }

    private static DescribeLogDirsResponse responseOf(List<LogDirResult> directories) {
        DescribeLogDirsResponseData data = new DescribeLogDirsResponseData();
        for (LogDirResult directory : directories) {
            data.results()
                    .add(new DescribeLogDirsResult()
                            .setLogDir(directory.path())
                            .setErrorCode(directory.error().code())
                            .setTotalBytes(directory.totalBytes())
                            .setUsableBytes(directory.usableBytes())
                            .setTopics(topicsOf(directory)));
        }
        return new DescribeLogDirsResponse(data);
    }

    private static List<DescribeLogDirsTopic> topicsOf(LogDirResult directory) {
        Map<String, DescribeLogDirsTopic> topics = new LinkedHashMap<>();
        for (LogDirResult.Replica replica : directory.replicas()) {
            topics.computeIfAbsent(replica.topicPartition().topic(), name -> new DescribeLogDirsTopic().setName(name))
                    .partitions()
                    .add(new DescribeLogDirsPartition()
                            .setPartitionIndex(replica.topicPartition().partition())
                            .setPartitionSize(replica.sizeBytes())
                            .setOffsetLag(replica.offsetLag())
                            .setIsFutureKey(replica.isFuture()));
        }
        return List.copyOf(topics.values());
    }
}
