"""Two budgets of one invented office, of years with different code lists: codes have moved, others
have got another meaning, names have changed, and project names are spaced another way.

`pages` gives them as HTML, by the name of the file, and ``python -m tests.made.years`` writes them.
"""

from __future__ import annotations

from tests.made.make import FOLDER, Rows, page

MOVED = FOLDER / "moved-codes"
OFFICE = "北京市西城区样例住建办公室"
EXPENDITURE = {
    2016: [
        "科目编码|科目名称|合计|基本支出|项目支出",
        "210|医疗卫生与计划生育支出|24.00|24.00|",
        "21004|公共卫生|24.00|24.00|",
        "2100401|行政单位医疗|24.00|24.00|",
        "212|城乡社区支出|50.00|50.00|",
        "21201|城乡社区管理事务|50.00|50.00|",
        "2120101|行政运行|50.00|50.00|",
        "229|其他支出|30.00|30.00|",
        "22903|住房改革支出|30.00|30.00|",
        "2290303|购房补贴|30.00|30.00|",
        "合计/1,2|104.00|104.00|",
    ],
    2019: [
        "科目编码|科目名称|合计|基本支出|项目支出",
        "210|卫生健康支出|37.00|37.00|",
        "21004|公共卫生|12.00|12.00|",
        "2100401|疾病预防控制机构|12.00|12.00|",
        "21011|行政事业单位医疗|25.00|25.00|",
        "2101101|行政单位医疗|25.00|25.00|",
        "212|城乡社区支出|55.00|55.00|",
        "21201|城乡社区管理事务|55.00|55.00|",
        "2120101|行政运行|55.00|55.00|",
        "221|住房保障支出|20.00|20.00|",
        "22102|住房改革支出|20.00|20.00|",
        "2210203|购房补贴|20.00|20.00|",
        "合计/1,2|112.00|112.00|",
    ],
}
BASIC = {
    2016: [
        "301|工资福利支出|5.00|5.00|",
        "30101|基本工资|5.00|5.00|",
        "303|对个人和家庭的补助|8.00|8.00|",
        "30311|住房公积金|8.00|8.00|",
        "合计||13.00|13.00|",
    ],
    2019: [
        "301|工资福利支出|15.00|15.00|",
        "30101|基本工资|6.00|6.00|",
        "30113|住房公积金|9.00|9.00|",
        "303|对个人和家庭的补助|2.00|2.00|",
        "30311|代缴社会保险费|2.00|2.00|",
        "合计||17.00|17.00|",
    ],
}
PROJECTS = {
    2016: ["老旧小区改造|7.00|7.00|", "设备购置|1.00|1.00|", "设备购置|2.00|2.00|"],
    2019: ["老旧 小区改造|9.00|9.00|", "设备购置|3.00|3.00|", "物业管理|4.00|4.00|"],
}


def tables(year: int) -> dict[str, Rows]:
    heads = [
        "经济分类科目/1,2|本年预算数/1,3",
        "科目编码|科目名称|合计|人员经费|公用经费",
    ]
    projects = ["项目单位|类型|项目名称|合计|一般公共预算|单位资金"]
    projects += [f"999001-样例住建办公室|22-特定目标类|{row}" for row in PROJECTS[year]]
    return {
        "支出总表": EXPENDITURE[year],
        "项目支出表": projects,
        "一般公共预算财政拨款基本支出表": [*heads, *BASIC[year]],
    }


def pages() -> dict[str, str]:
    return {f"{y}.html": page(f"{OFFICE}{y}年部门预算", tables(y)) for y in EXPENDITURE}


def write() -> None:
    """Write the files that documentation loads."""
    MOVED.mkdir(exist_ok=True)
    for name, text in pages().items():
        (MOVED / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
