// SPDX-License-Identifier: Apache-2.0
/**
 * The broker's side of its sockets: listeners, frames, the order of answers, zero-copy, and the limits on connections.
 *
 * <p>A connection belongs to one event loop, and so do all objects made for it. A frame becomes a request, the request
 * is given to its {@link io.barnabas.broker.handler.RequestHandler} on that loop, and the answer is written when its
 * turn has come. Nothing here knows what a request means, apart from ApiVersions, which tells about the connection.
 */
package io.barnabas.broker.network;
