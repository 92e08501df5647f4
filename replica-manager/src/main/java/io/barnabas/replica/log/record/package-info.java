// SPDX-License-Identifier: Apache-2.0
/** Reading what is inside a batch without making objects of it. */
package io.barnabas.replica.log.record;
