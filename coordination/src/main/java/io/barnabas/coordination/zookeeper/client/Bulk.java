// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** Many requests as one. */
public final class Bulk {
    private Bulk() {}

    /** Completes when all did, fails if one did. */
    public static <K> CompletableFuture<Void> all(Collection<K> keys, Function<K, CompletableFuture<Void>> each) {
        return CompletableFuture.allOf(keys.stream().map(each).toArray(CompletableFuture<?>[]::new));
    }

    /** The results in the order of the keys. */
    public static <K, V> CompletableFuture<List<V>> list(Collection<K> keys, Function<K, CompletableFuture<V>> each) {
        List<CompletableFuture<V>> futures = new ArrayList<>(keys.size());
        keys.forEach(key -> futures.add(each.apply(key)));
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .thenApply(ignored -> {
                    List<V> results = new ArrayList<>(futures.size());
                    futures.forEach(future -> results.add(future.join()));
                    return results;
                });
    }

    /** The maps of all parts put together. */
    public static <K, V> CompletableFuture<Map<K, V>> merge(List<CompletableFuture<Map<K, V>>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .thenApply(ignored -> {
                    Map<K, V> merged = new LinkedHashMap<>();
                    parts.forEach(part -> merged.putAll(part.join()));
                    return merged;
                });
    }

    /** What a stage really failed with. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The list cut into pieces of at most the given size. */
    public static <T> List<List<T>> chunks(List<T> all, int size) {
        List<List<T>> chunks = new ArrayList<>((all.size() + size - 1) / size);
        for (int from = 0; from < all.size(); from += size) {
            chunks.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return chunks;
    }
}
