// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Producer ids, handed out in blocks that never overlap, {@code /latest_producer_id_block}. */
public interface ProducerIdStore {
    /** The latest block handed out, empty if none was. */
    CompletableFuture<Optional<ProducerIdBlock>> latest();

    /** Takes the next block for a broker; repeated on conflict. Fails when all ids are used up. */
    CompletableFuture<ProducerIdBlock> allocate(int brokerId);
}
