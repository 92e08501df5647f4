/** What a leader checks before it gives records their offsets. */
package io.barnabas.replica.log.validation;
