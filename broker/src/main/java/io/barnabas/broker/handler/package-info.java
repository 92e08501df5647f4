// SPDX-License-Identifier: Apache-2.0
/**
 * What a request handler is. The handlers themselves, one small class per request API, live in the sub-packages of
 * their rooms; each room offers its list, and {@code Barnabas} joins the lists.
 */
package io.barnabas.broker.handler;
