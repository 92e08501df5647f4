// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import com.fasterxml.jackson.databind.JsonNode;
import io.barnabas.coordination.store.ProducerIdBlock;
import io.barnabas.coordination.store.error.StoreDataException;

/** {@code /latest_producer_id_block}, whose numbers are texts. */
public final class ProducerIdCodec {
    private ProducerIdCodec() {}

    /** The node of a block. */
    public static byte[] encode(ProducerIdBlock block) {
        return Json.bytes(Json.object()
                .put("version", 1)
                .put("broker", block.brokerId())
                .put("block_start", Long.toString(block.firstId()))
                .put("block_end", Long.toString(block.lastId())));
    }

    /** The block in a node. */
    public static ProducerIdBlock decode(byte[] data) {
        String path = ZnodePaths.PRODUCER_IDS;
        JsonNode json = Json.parse(path, data);
        try {
            return new ProducerIdBlock(
                    Json.requiredInt(path, json, "broker"),
                    Long.parseLong(Json.required(path, json, "block_start").asText()),
                    Long.parseLong(Json.required(path, json, "block_end").asText()));
        } catch (NumberFormatException e) {
            throw new StoreDataException(path + ": no number in " + json);
        }
    }
}
