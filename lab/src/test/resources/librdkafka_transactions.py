# SPDX-License-Identifier: Apache-2.0
"""Transactions with librdkafka, through confluent-kafka: commits, aborts, reads with both isolation levels, moves a
group's offsets with a transaction, and fences a zombie. Prints OK and the library's version, or what was not so.

usage: librdkafka_transactions.py BOOTSTRAP_SERVERS INPUT_TOPIC OUTPUT_TOPIC, two topics of two partitions
"""
import sys
import time

from confluent_kafka import (Consumer, KafkaException, Producer, TopicPartition, OFFSET_BEGINNING, OFFSET_INVALID,
                             libversion)

RECORDS = 100
bootstrap, source, target = sys.argv[1:4]


def check(condition, otherwise):
    if not condition:
        sys.exit("FAILED librdkafka " + libversion()[0] + ": " + otherwise)


def producer(role):
    made = Producer({"bootstrap.servers": bootstrap, "transactional.id": source + "-" + role, "linger.ms": 5})
    made.init_transactions(30)
    return made


def consumer(group, isolation):
    return Consumer({"bootstrap.servers": bootstrap, "group.id": group, "isolation.level": isolation,
                     "enable.auto.commit": False, "auto.offset.reset": "earliest"})


def send(sender, topic, word):
    for i in range(RECORDS):
        sender.produce(topic, key="key-%d" % i, value="%s-%d" % (word, i), partition=i % 2)


def poll(reader, count):
    read, deadline = [], time.monotonic() + 40
    while len(read) < count:
        check(time.monotonic() < deadline, "read %d of %d records within 40 s" % (len(read), count))
        message = reader.poll(1)
        if message is not None:
            check(message.error() is None, str(message.error()))
            read.append(message)
    return read


def expect(topic, isolation, *words):
    reader = consumer(topic + "-reader", isolation)
    reader.assign([TopicPartition(topic, each, OFFSET_BEGINNING) for each in range(2)])
    read = poll(reader, RECORDS * len(words))
    beyond = reader.poll(2)
    check(beyond is None, "there is more: %s" % (beyond and beyond.value()))
    reader.close()
    for partition in range(2):
        found = [each.value().decode() for each in read if each.partition() == partition]
        wanted = ["%s-%d" % (word, i) for word in words for i in range(partition, RECORDS, 2)]
        check(found == wanted, "%s-%d holds %s instead of %s" % (topic, partition, found, wanted))


def commit_and_abort():
    writer = producer("writer")
    writer.begin_transaction()
    send(writer, source, "aborted")
    writer.flush(30)
    writer.abort_transaction(30)
    writer.begin_transaction()
    send(writer, source, "committed")
    writer.commit_transaction(30)
    expect(source, "read_committed", "committed")
    expect(source, "read_uncommitted", "aborted", "committed")


def read_process_write():
    group, processor = source + "-group", producer("processor")
    reader = consumer(group, "read_committed")
    reader.subscribe([source])
    read = poll(reader, RECORDS)
    positions = reader.position(reader.assignment())
    for word, end in (("never", processor.abort_transaction), ("processed", processor.commit_transaction)):
        processor.begin_transaction()
        for each in read:
            number = each.key().decode().split("-")[1]
            processor.produce(target, key=each.key(), value=word + "-" + number, partition=each.partition())
        processor.send_offsets_to_transaction(positions, reader.consumer_group_metadata(), 30)
        end(30)
        committed = {each.partition: each.offset for each in reader.committed(positions, 30)}
        wanted = {each.partition: OFFSET_INVALID if word == "never" else each.offset for each in positions}
        check(committed == wanted, "after '%s' %s is committed instead of %s" % (word, committed, wanted))
    reader.close()
    expect(target, "read_committed", "processed")


def fence_a_zombie():
    zombie = producer("fenced")
    zombie.begin_transaction()
    send(zombie, target, "zombie")
    zombie.flush(30)
    successor = producer("fenced")
    try:
        zombie.commit_transaction(30)
        check(False, "a zombie committed")
    except KafkaException as failure:
        check(failure.args[0].fatal(), "a zombie was not fenced for good: %s" % failure)
    successor.begin_transaction()
    send(successor, target, "successor")
    successor.commit_transaction(30)
    expect(target, "read_committed", "processed", "successor")


commit_and_abort()
read_process_write()
fence_a_zombie()
print("OK librdkafka " + libversion()[0])
